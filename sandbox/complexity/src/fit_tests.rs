use super::*;
use proptest::prelude::*;

fn points(sizes: impl IntoIterator<Item = u64>, cost: impl Fn(f64) -> f64) -> Vec<Point> {
    sizes.into_iter().map(|n| Point { n, cost: cost(float(n)) }).collect()
}

/// From 16 on, each √2 times the one before.
fn geometric() -> impl Iterator<Item = u64> {
    (4..=12)
        .flat_map(|step| [1_u64 << step, (1_u64 << (2 * step + 1)).isqrt()])
        .chain([1 << 13])
}

#[test]
fn each_class_is_told_from_the_others() {
    type Growth = fn(f64) -> f64;
    let polynomial: [(Class, Growth); 7] = [
        (Class::Constant, |_| 1.0),
        (Class::Logarithmic, f64::ln),
        (Class::Linear, |n| n),
        (Class::Linearithmic, |n| n * n.ln()),
        (Class::Quadratic, |n| n * n),
        (Class::QuadraticLog, |n| n * n * n.ln()),
        (Class::Cubic, |n| n * n * n),
    ];
    for (class, growth) in polynomial {
        let verdict = fit(&points(geometric(), |n| 250_000.0 + 90.0 * growth(n))).unwrap();
        if class == Class::Logarithmic {
            // 90 units in 250,000 are nothing.
            assert_eq!(verdict.best.class, Class::Constant);
            let verdict = fit(&points(geometric(), |n| 2_000.0 + 900.0 * growth(n))).unwrap();
            assert_eq!(verdict.best.class, class, "{verdict:?}");
            continue;
        }
        assert_eq!(verdict.best.class, class, "{verdict:?}");
        assert_eq!(verdict.confidence, Confidence::High, "{verdict:?}");
    }
    let verdict = fit(&points(10..=24, |n| 5_000.0 + 30.0 * 1.618_034_f64.powf(n))).unwrap();
    assert_eq!(verdict.best.class.notation(), "O(1.618ⁿ)");
    let verdict = fit(&points(3..=11, |n| 900.0 + 7.0 * Class::Factorial.ln_growth(n).exp())).unwrap();
    assert_eq!(verdict.best.class, Class::Factorial, "{verdict:?}");
}

#[test]
fn what_lies_between_two_classes_is_said_to() {
    // A little curved, and in steps: neither n nor n log n.
    let steps = |n: f64| n * (1.0 + 0.25 * (n.log2() * 2.3).sin());
    let verdict = fit(&points(geometric(), steps)).unwrap();
    assert_ne!(verdict.confidence, Confidence::High, "{verdict:?}");
}

#[test]
fn too_little_and_nonsense_are_refused() {
    assert_eq!(fit(&points(1..=4, |n| n)), Err(FitError::TooFew(4)));
    assert!(fit(&points(1..=5, |n| n)).is_ok());
    assert_eq!(fit(&points([1, 2, 2, 3, 4], |n| n)), Err(FitError::Disorder));
    assert_eq!(fit(&points(1..=6, |_| f64::NAN)), Err(FitError::Disorder));
    assert_eq!(fit(&points(0..=6, |n| n)), Err(FitError::Disorder));
}

proptest! {
    #[test]
    fn noise_of_two_percent_does_not_change_a_polynomial_class(
        class in prop::sample::select(vec![Class::Linear, Class::Quadratic, Class::Cubic]),
        fixed in 0.0..100_000.0_f64,
        noise in prop::collection::vec(-0.02..0.02_f64, 19),
    ) {
        let points: Vec<Point> = geometric()
            .zip(noise)
            .map(|(n, noise)| Point { n, cost: (fixed + 200.0 * class.ln_growth(float(n)).exp()) * (1.0 + noise) })
            .collect();
        let verdict = fit(&points).unwrap();
        // With noise a logarithm more or less cannot be told apart every time; a whole power can.
        let slope = |class: Class| match class {
            Class::Linear | Class::Linearithmic => 1,
            Class::Quadratic | Class::QuadraticLog => 2,
            Class::Cubic => 3,
            _ => 0,
        };
        prop_assert_eq!(slope(verdict.best.class), slope(class), "{:?}", verdict);
    }

    #[test]
    fn no_series_of_numbers_breaks_it(points in prop::collection::vec((1_u64..u64::MAX, 1e-300..1e300_f64), 5..20)) {
        let mut points: Vec<Point> = points.into_iter().map(|(n, cost)| Point { n, cost }).collect();
        points.sort_by_key(|point| point.n);
        points.dedup_by_key(|point| point.n);
        let _ = fit(&points);
    }
}
