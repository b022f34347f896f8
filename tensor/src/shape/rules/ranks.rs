//! The ranks that shapes have, up to six axes, each list written once: a rule that has an impl for every rank names its macro here.
//!
//! Below an axis is an identifier, so that a rule makes of it a type parameter with what bounds it needs.

/// `rule!(A B)`: up to four axes in front of two others.
macro_rules! batched {
    ($rule:ident) => {
        $rule!();
        $rule!(A);
        $rule!(A B);
        $rule!(A B C);
        $rule!(A B C D);
    };
}

/// `rule!(A M, B N)`: two shapes of one rank, axis by axis.
macro_rules! paired {
    ($rule:ident) => {
        $rule!();
        $rule!(A M);
        $rule!(A M, B N);
        $rule!(A M, B N, C O);
        $rule!(A M, B N, C O, D P);
        $rule!(A M, B N, C O, D P, E Q);
        $rule!(A M, B N, C O, D P, E Q, F R);
    };
}

/// `rule!(U V; A M, B N)`: two shapes aligned on the right, and the axes that one of them has in front of the others'.
macro_rules! aligned {
    ($rule:ident) => {
        $rule!(;);
        $rule!(; A M);
        $rule!(; A M, B N);
        $rule!(; A M, B N, C O);
        $rule!(; A M, B N, C O, D P);
        $rule!(; A M, B N, C O, D P, E Q);
        $rule!(; A M, B N, C O, D P, E Q, F R);
        $rule!(U;);
        $rule!(U; A M);
        $rule!(U; A M, B N);
        $rule!(U; A M, B N, C O);
        $rule!(U; A M, B N, C O, D P);
        $rule!(U; A M, B N, C O, D P, E Q);
        $rule!(U V;);
        $rule!(U V; A M);
        $rule!(U V; A M, B N);
        $rule!(U V; A M, B N, C O);
        $rule!(U V; A M, B N, C O, D P);
        $rule!(U V W;);
        $rule!(U V W; A M);
        $rule!(U V W; A M, B N);
        $rule!(U V W; A M, B N, C O);
        $rule!(U V W X;);
        $rule!(U V W X; A M);
        $rule!(U V W X; A M, B N);
        $rule!(U V W X Y;);
        $rule!(U V W X Y; A M);
        $rule!(U V W X Y Z;);
    };
}

/// `rule!(1 -2: A; B; C)`: one axis of a shape, by its number from the front and from the back, what is in front of it and behind it.
macro_rules! placed {
    ($rule:ident) => {
        $rule!(0 -1: ; A;);
        $rule!(0 -2: ; A; B);
        $rule!(1 -1: A; B;);
        $rule!(0 -3: ; A; B C);
        $rule!(1 -2: A; B; C);
        $rule!(2 -1: A B; C;);
        $rule!(0 -4: ; A; B C D);
        $rule!(1 -3: A; B; C D);
        $rule!(2 -2: A B; C; D);
        $rule!(3 -1: A B C; D;);
        $rule!(0 -5: ; A; B C D E);
        $rule!(1 -4: A; B; C D E);
        $rule!(2 -3: A B; C; D E);
        $rule!(3 -2: A B C; D; E);
        $rule!(4 -1: A B C D; E;);
        $rule!(0 -6: ; A; B C D E F);
        $rule!(1 -5: A; B; C D E F);
        $rule!(2 -4: A B; C; D E F);
        $rule!(3 -3: A B C; D; E F);
        $rule!(4 -2: A B C D; E; F);
        $rule!(5 -1: A B C D E; F;);
    };
}

/// `rule!(1: A B; C)`: a shape cut into two, and how many axes are behind the cut.
macro_rules! parted {
    ($rule:ident) => {
        $rule!(0: ; );
        $rule!(1: ; A);
        $rule!(0: A; );
        $rule!(2: ; A B);
        $rule!(1: A; B);
        $rule!(0: A B; );
        $rule!(3: ; A B C);
        $rule!(2: A; B C);
        $rule!(1: A B; C);
        $rule!(0: A B C; );
        $rule!(4: ; A B C D);
        $rule!(3: A; B C D);
        $rule!(2: A B; C D);
        $rule!(1: A B C; D);
        $rule!(0: A B C D; );
        $rule!(5: ; A B C D E);
        $rule!(4: A; B C D E);
        $rule!(3: A B; C D E);
        $rule!(2: A B C; D E);
        $rule!(1: A B C D; E);
        $rule!(0: A B C D E; );
        $rule!(6: ; A B C D E F);
        $rule!(5: A; B C D E F);
        $rule!(4: A B; C D E F);
        $rule!(3: A B C; D E F);
        $rule!(2: A B C D; E F);
        $rule!(1: A B C D E; F);
        $rule!(0: A B C D E F; );
    };
}

pub(super) use {aligned, batched, paired, parted, placed};
