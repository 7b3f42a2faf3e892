//! The draw itself: no database, no clock, no chance but the seed's.

use sha2::{Digest, Sha256};

/// Lowercase hexadecimal SHA-256.
fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stands for all who signed up: the hash of a line `number receipt` for each, by number.
pub fn digest(entries: &[(i32, String)]) -> String {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_unstable();
    let lines: String =
        entries.iter().map(|(number, receipt)| format!("{number} {receipt}\n")).collect();
    hash(&lines)
}

/// The numbers in the order in which they are drawn: by the hash of `seed digest number`.
pub fn order(seed: &str, digest: &str, numbers: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut drawn: Vec<_> =
        numbers.map(|number| (hash(&format!("{seed} {digest} {number}")), number)).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, number)| number).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries(receipts: &[String]) -> Vec<(i32, String)> {
        (1..).zip(receipts.iter().cloned()).collect()
    }

    proptest! {
        #[test]
        fn everybody_is_drawn_once_and_the_same_again_gives_the_same(
            seed in "[a-z0-9]{8}", receipts in prop::collection::vec("[a-z0-9]{6}", 0..60),
        ) {
            let all = entries(&receipts);
            let mut backwards = all.clone();
            backwards.reverse();
            let digest = digest(&all);
            prop_assert_eq!(&digest, &super::digest(&backwards), "in whatever order they are read");
            let drawn = order(&seed, &digest, all.iter().map(|(number, _)| *number));
            prop_assert_eq!(&drawn, &order(&seed, &digest, backwards.iter().map(|(number, _)| *number)));
            let mut sorted = drawn.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, all.iter().map(|(number, _)| *number).collect::<Vec<_>>());
        }

        #[test]
        fn who_signed_up_moves_the_order(
            receipts in prop::collection::vec("[a-z0-9]{6}", 1..20), at in any::<prop::sample::Index>(),
        ) {
            let all = entries(&receipts);
            let mut other = all.clone();
            at.get(&all);
            other[at.index(all.len())].1.push('x');
            prop_assert_ne!(digest(&all), digest(&other));
        }
    }

    /// Worked out by the dozen lines of Python in the decision.
    #[test]
    fn a_draw_worked_out_elsewhere_comes_out_alike() {
        let all = entries(&["k3v9", "m2x7", "p8q4", "t6w5"].map(str::to_owned));
        assert_eq!(
            hash("seed-of-a-test"),
            "e92e0c3cc6c8031a1fa388c87c063e947b94f128cd80aad007c11f003829acea"
        );
        let digest = digest(&all);
        assert_eq!(digest, "3079fa48aefa1d5f1e2e470f040413482dd06cc906044d396b2390690608c996");
        assert_eq!(order("seed-of-a-test", &digest, 1..=4), [1, 2, 4, 3]);
    }
}
