//! Rounds as they come: everything is found, the same each time, and `holds` refuses what is no witness.

use std::sync::LazyLock;

use super::rounds::{self, POINT, Plan};
use crate::disclosure::witness::{
    Asked, Found, HIGHEST, Method, Round, RoundError, Window, Witness, holds, likeliest, search, widths,
};

const ASKED: Asked = Asked { width: 20 * POINT, bin_probability_max: 0.75, states: 12, seed: 3 };

fn small() -> Round {
    let plan = Plan { organisations: 45, blocks: 3, counties: 2, bands: 2, spread: 12.0, seed: 5 };
    rounds::round(plan, rounds::tree(&[2, 2]))
}

/// Searched once for all tests: without optimisation that takes seconds.
static FOUND: LazyLock<(Found, (usize, usize))> = LazyLock::new(|| {
    let last = std::cell::Cell::new((0, 0));
    let found = search(&small(), &ASKED, &|done, planned| last.set((done, planned))).unwrap();
    (found, last.get())
});

#[test]
fn every_value_of_an_ordinary_round_is_hidden() {
    let round = small();
    let (found, _) = &*FOUND;
    // with so few draws some probabilities are above the limit by chance
    assert!(found.lacking.len() <= 4, "{:?}", found.lacking);
    assert!(found.lacking.iter().all(|one| one.width >= ASKED.width && one.probability < 0.9), "{:?}", found.lacking);
    assert!(found.witnesses.iter().all(|witness| holds(&round, witness)));
    let settled = found.settled.walk + found.settled.pull + found.settled.solver;
    assert_eq!(settled + found.lacking.len(), 45 * 7);
    // a verifier that has nothing but the witnesses comes to the same
    assert!(widths(&round, &found.witnesses).iter().flatten().all(|width| *width >= ASKED.width));
    let likely = likeliest(&round, &found.witnesses).into_iter().flatten().filter(|class| class.1 > 0.75).count();
    assert_eq!(likely, found.lacking.len());
}

#[test]
fn every_organisation_is_judged_with_an_insider_of_its_block() {
    let round = small();
    let (found, _) = &*FOUND;
    for organisation in 0..round.scores.len() {
        assert!(found.witnesses.iter().any(|witness| !witness.fixed.contains(&organisation)));
    }
    for witness in &found.witnesses {
        assert!(round.blocks.iter().all(|block| block.iter().any(|member| witness.fixed.contains(member))));
    }
}

#[test]
fn the_same_seed_finds_the_same_witnesses() {
    let round = small();
    let asked = Asked { width: 0, bin_probability_max: 1.0, states: 1, ..ASKED };
    let found = search(&round, &asked, &|_, _| ()).unwrap();
    assert_eq!(found, search(&round, &asked, &|_, _| ()).unwrap());
    let other = search(&round, &Asked { seed: 4, ..asked }, &|_, _| ()).unwrap();
    assert_ne!(found.witnesses, other.witnesses);
}

#[test]
fn progress_ends_where_it_said() {
    let (_, (done, planned)) = *FOUND;
    assert_eq!(done, planned);
    assert!(done >= 24);
}

#[test]
fn what_is_changed_by_hand_is_no_witness() {
    let round = small();
    let truth = Witness { scores: round.scores.clone(), fixed: vec![0], method: Method::Walk };
    assert!(holds(&round, &truth));
    let changed = |change: &dyn Fn(&mut Vec<Vec<i64>>)| {
        let mut witness = truth.clone();
        change(&mut witness.scores);
        holds(&round, &witness)
    };
    assert!(!changed(&|scores| scores[0][3] += 1), "an insider");
    assert!(!changed(&|scores| scores[1][3] = HIGHEST + 1), "off the scale");
    assert!(!changed(&|scores| scores[1][0] += 5), "a parent without its leaves");
    assert!(!changed(&|scores| scores[1][3] += 30 * POINT), "another class");
    assert!(!changed(&|scores| scores.truncate(44)), "an organisation less");
    // a sum
    let mut exact = round.clone();
    let window = Window { node: 6, members: vec![1, 2], low: 0, high: 0 };
    exact.windows.push(window);
    assert!(!holds(&exact, &truth));
}

#[test]
fn rounds_that_are_none_are_refused() {
    let refused = |change: &dyn Fn(&mut Round)| {
        let mut round = small();
        change(&mut round);
        search(&round, &ASKED, &|_, _| ()).unwrap_err()
    };
    assert_eq!(refused(&|round| round.scores[4][2] = -1), RoundError::Scores { organisation: 4 });
    assert_eq!(refused(&|round| round.scores[4].truncate(2)), RoundError::Scores { organisation: 4 });
    assert_eq!(refused(&|round| round.nodes[0].parent = Some(1)), RoundError::Tree { node: 0 });
    assert_eq!(refused(&|round| round.nodes[2].parent = Some(99)), RoundError::Tree { node: 2 });
    assert_eq!(refused(&|round| round.blocks[0].push(77)), RoundError::Blocks { organisation: 77 });
    let first = small().blocks[0][0];
    assert_eq!(refused(&|round| round.blocks[1].push(first)), RoundError::Blocks { organisation: first });
    assert_eq!(refused(&|round| round.windows[2].low = i64::MAX), RoundError::Window { window: 2 });
    assert_eq!(refused(&|round| round.windows[2].node = 7), RoundError::Window { window: 2 });
    assert_eq!(refused(&|round| round.class_width = 7), RoundError::ClassWidth);
}
