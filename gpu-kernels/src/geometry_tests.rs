use super::*;

/// The offsets of all elements, as nested loops say.
fn all<const N: usize>(geometry: &Geometry<N>) -> Vec<[isize; N]> {
    let mut offsets = vec![geometry.start];
    for axis in 0..geometry.rank() {
        let along = |from: &[isize; N]| {
            let (from, steps) = (*from, geometry.steps(axis));
            (0..geometry.size(axis) as isize).map(move |i| std::array::from_fn(|n| from[n] + i * steps[n]))
        };
        offsets = offsets.iter().flat_map(along).collect();
    }
    offsets
}

/// The offsets as a kernel finds them.
fn walked<const N: usize>(geometry: &Geometry<N>) -> Vec<[isize; N]> {
    let walk = geometry.walk();
    let at = |i: usize| {
        let (mut rest, mut offsets) = (i as u32, geometry.start);
        for axis in (0..walk.rank as usize).rev() {
            let high = ((u64::from(rest) * u64::from(walk.factors[axis])) >> 32) as u32;
            let quotient = (high + rest) >> walk.shifts[axis];
            assert_eq!(quotient, rest / walk.sizes[axis]);
            let index = if axis == 0 {
                rest
            } else {
                rest - quotient * walk.sizes[axis]
            };
            for (offset, strides) in offsets.iter_mut().zip(walk.strides) {
                *offset += index as isize * strides[axis] as isize;
            }
            rest = quotient;
        }
        offsets
    };
    (0..geometry.elements()).map(at).collect()
}

fn of<const N: usize>(sizes: &[usize], strides: [&[isize]; N]) -> Geometry<N> {
    Geometry::new(sizes, |axis| strides.map(|strides| strides[axis])).unwrap()
}

#[test]
fn axes_are_joined() {
    let geometry = of(&[2, 1, 3, 4], [&[12, 7, 4, 1], &[0, 9, 4, 1]]);
    assert_eq!((geometry.rank(), geometry.size(0), geometry.size(1)), (2, 2, 12));
    assert_eq!(geometry.last_steps(), [1, 1]);
    assert!(of(&[2, 3, 4], [&[12, 4, 1]]).is_contiguous());
    assert!(of::<2>(&[], [&[], &[]]).is_contiguous());
    assert_eq!(of::<2>(&[1, 1], [&[5, 5], &[6, 6]]).elements(), 1);
}

#[test]
fn too_many_axes_are_counted() {
    let sizes = [2; 10];
    let steps: Vec<isize> = (0..10).map(|axis| 1 << (2 * axis)).collect();
    let error = Geometry::new(&sizes, |axis| [steps[axis]]).unwrap_err();
    assert_eq!(error, Error::TooManyAxes { axes: 10 });
    // As many that can be joined are one.
    assert!(
        Geometry::new(&sizes, |axis| [row_major(&sizes, axis)])
            .unwrap()
            .is_contiguous()
    );
}

#[test]
fn the_order_is_that_of_memory() {
    let geometry = of(&[3, 4, 5], [&[1, 3, 12], &[-20, 1, 4]]);
    let mut expected = all(&geometry);
    let ordered = geometry.ordered_by(1);
    let mut found = all(&ordered);
    assert_eq!(ordered.last_steps(), [3, 1]);
    assert!((0..ordered.rank()).all(|axis| ordered.steps(axis)[1] > 0));
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert!(of(&[3, 4], [&[-4, -1], &[-4, -1]]).ordered_by(1).is_contiguous());
    assert!(of(&[3, 4], [&[1, 3], &[1, 3]]).ordered_by(1).is_contiguous());
}

#[test]
fn pieces_are_the_whole() {
    let cases: [(&[usize], [&[isize]; 2]); 5] = [
        (&[1009], [&[1], &[1]]),
        (&[37, 23], [&[23, 1], &[1, 37]]),
        (&[5, 7, 11], [&[-77, 11, 1], &[0, 1, 0]]),
        (&[40, 2], [&[1, 5000], &[2, 1]]),
        (&[1], [&[0], &[0]]),
    ];
    for (sizes, strides) in cases {
        let geometry = of(sizes, strides);
        assert_eq!(walked(&geometry), all(&geometry));
        for most in [8, 60, 100_000] {
            let mut found = Vec::new();
            let take = &mut |piece: &Geometry<2>| {
                assert!(piece.elements() <= most);
                let offsets = all(piece);
                let far = |operand: usize| {
                    offsets
                        .iter()
                        .map(move |at| at[operand].abs_diff(piece.start[operand]))
                        .max()
                };
                assert!(far(0) <= Some(most) && far(1) <= Some(most));
                found.extend(offsets);
                Ok(())
            };
            geometry.pieces_within(most, take).unwrap();
            let mut expected = all(&geometry);
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn division_is_exact() {
    let mut walk = of(&[2], [&[1]]).walk();
    for size in [
        1u32,
        2,
        3,
        5,
        7,
        10,
        641,
        65_535,
        65_537,
        1_000_003,
        0x4000_0001,
        0x7fff_ffff,
    ] {
        walk.set_size(0, size);
        let edges = (0..4).flat_map(|i| [size.saturating_mul(i).wrapping_sub(1), size.saturating_mul(i), i]);
        for i in edges
            .chain([0x7fff_ffff, 0x7fff_fffe, 0x4000_0000])
            .filter(|&i| i < 1 << 31)
        {
            let high = ((u64::from(i) * u64::from(walk.factors[0])) >> 32) as u32;
            assert_eq!((high + i) >> walk.shifts[0], i / size, "{i} / {size}");
        }
    }
}

#[test]
fn what_is_wide() {
    let wide = |sizes: &[usize], strides: [&[isize]; 2], addresses: [u64; 2]| {
        of(sizes, strides).is_wide(addresses.map(|address| (address, 4)))
    };
    assert!(wide(&[7], [&[1], &[1]], [256, 512]));
    assert!(!wide(&[7], [&[1], &[1]], [256, 516]));
    assert!(!wide(&[7], [&[2], &[1]], [256, 512]));
    assert!(wide(&[3, 8], [&[0, 1], &[8, 1]], [256, 512]));
    assert!(wide(&[3, 8], [&[1, 0], &[8, 1]], [260, 512]));
    assert!(!wide(&[3, 8], [&[9, 1], &[8, 1]], [256, 512]));
    assert!(!wide(&[3, 7], [&[0, 1], &[7, 1]], [256, 512]));
}
