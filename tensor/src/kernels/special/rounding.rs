//! Division with a remainder, and rounding to decimals: what depends on the format, in both.

macro_rules! rounding {
    ($float:ident, $remainder:ident, $floor_divide:ident, $round_decimals:ident) => {
        /// `a - b floor(a / b)`: the exact remainder, with the sign of the divisor; NaN by 0, and of infinities.
        ///
        /// PyTorch's `remainder`, Python's `%`: the remainder of C, moved by the divisor if the signs differ.
        pub fn $remainder(a: $float, b: $float) -> $float {
            let rest = a % b;
            if rest != 0.0 && (b < 0.0) != (rest < 0.0) {
                rest + b
            } else {
                rest
            }
        }

        /// `floor(a / b)` of the exact quotient, where the floor of the rounded one may be one too large; `a / b` by 0.
        ///
        /// PyTorch's `floor_divide`, Python's `//`: an exact multiple is divided, then rounded to the integer that it
        /// almost is.
        pub fn $floor_divide(a: $float, b: $float) -> $float {
            if b == 0.0 {
                return a / b;
            }
            let rest = a % b;
            let mut quotient = (a - rest) / b;
            if rest != 0.0 && (b < 0.0) != (rest < 0.0) {
                quotient -= 1.0;
            }
            if quotient == 0.0 {
                return (0.0 as $float).copysign(a / b);
            }
            let floor = quotient.floor();
            if quotient - floor > 0.5 {
                floor + 1.0
            } else {
                floor
            }
        }

        /// The nearest multiple of `10^-decimals`, halves to the even one; negative `decimals` round before the point.
        ///
        /// As PyTorch's `round` the product with the power is rounded first, so that 2.675 to two decimals is 2.68, and
        /// where power or product overflow the result is no number or infinite.
        pub fn $round_decimals(x: $float, decimals: i32) -> $float {
            if decimals == 0 {
                return x.round_ties_even();
            }
            let power = 10f64.powf(decimals.unsigned_abs() as f64) as $float;
            if decimals > 0 {
                (x * power).round_ties_even() / power
            } else {
                (x / power).round_ties_even() * power
            }
        }
    };
}

rounding!(f64, remainder, floor_divide, round_decimals);
rounding!(f32, remainder_f32, floor_divide_f32, round_decimals_f32);
