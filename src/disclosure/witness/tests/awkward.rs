//! Rounds that give values away, or leave little room: what cannot be shown is reported, and nothing breaks.

use super::rounds::{self, POINT, Plan};
use crate::disclosure::witness::{Asked, Found, HIGHEST, Node, Round, Window, holds, search};

const ASKED: Asked = Asked { width: 20 * POINT, bin_probability_max: 0.75, states: 5, seed: 3 };
const PLAN: Plan = Plan { organisations: 42, blocks: 3, counties: 2, bands: 0, spread: 12.0, seed: 8 };

/// Makes the windows anew after scores have been changed, and searches.
fn searched(round: &mut Round) -> Found {
    for at in 0..round.windows.len() {
        let Window { node, members, .. } = round.windows[at].clone();
        round.windows[at] = rounds::rounded(round, node, &members);
    }
    let found = search(round, &ASKED, &|_, _| ()).unwrap();
    assert!(found.witnesses.iter().all(|witness| holds(round, witness)));
    found
}

fn exact(round: &mut Round, members: &[usize], node: usize) {
    let sum = members.iter().map(|&member| round.scores[member][node]).sum();
    round.windows.push(Window { node, members: members.to_vec(), low: sum, high: sum });
}

#[test]
fn a_block_of_members_all_alike_is_reported() {
    let mut round = rounds::round(PLAN, rounds::tree(&[2, 2]));
    let alike = round.blocks[1].clone();
    for (place, &member) in alike.iter().enumerate() {
        round.scores[member] = vec![44 * POINT + place as i64 * 60_000; 7];
    }
    let found = searched(&mut round);
    for &member in &alike {
        let lacking: Vec<_> = found.lacking.iter().filter(|one| one.organisation == member).collect();
        assert_eq!(lacking.len(), 7);
        assert!(lacking.iter().all(|one| one.width < 10 * POINT && one.reach == 10 * POINT && one.class == 4));
        assert!(lacking.iter().all(|one| one.probability > 0.99 && one.share > 0.99));
    }
}

#[test]
fn values_at_the_ends_of_the_scale_move() {
    let mut round = rounds::round(PLAN, rounds::tree(&[2, 2]));
    let ends = [0, HIGHEST, 5 * POINT, 95 * POINT, 0, HIGHEST];
    for (place, &member) in round.blocks[0].clone().iter().enumerate() {
        round.scores[member] = vec![ends[place % 6]; 7];
    }
    let found = searched(&mut round);
    assert_eq!(found.failed, 0);
    assert!(found.lacking.iter().all(|one| one.width >= ASKED.width), "{:?}", found.lacking);
}

#[test]
fn a_county_that_is_a_block_leaves_room() {
    let mut round = rounds::round(PLAN, rounds::tree(&[2, 2]));
    for node in 0..7 {
        let window = Window { node, members: round.blocks[2].clone(), low: 0, high: 0 };
        round.windows.push(window);
    }
    let found = searched(&mut round);
    assert_eq!(found.failed, 0);
    assert!(found.lacking.iter().all(|one| one.width >= ASKED.width), "{:?}", found.lacking);
}

#[test]
fn an_exact_sum_of_a_leaf_or_of_all_nodes_is_kept() {
    for nodes in [vec![3], (0..7).collect()] {
        let mut round = rounds::round(PLAN, rounds::tree(&[2, 2]));
        let members = round.blocks[0].clone();
        for node in nodes {
            exact(&mut round, &members, node);
        }
        let found = search(&round, &ASKED, &|_, _| ()).unwrap();
        assert!(found.witnesses.iter().all(|witness| holds(&round, witness)));
        assert!(found.failed * 10 < found.witnesses.len(), "{} of {}", found.failed, found.witnesses.len());
    }
}

#[test]
fn one_node_four_flat_nodes_and_none() {
    let flat = |count: usize| (0..count).map(|_| Node { parent: None, weight: 1.0 }).collect::<Vec<Node>>();
    for nodes in [1, 4] {
        let round = rounds::round(PLAN, flat(nodes));
        let found = search(&round, &ASKED, &|_, _| ()).unwrap();
        // with so few draws some probabilities are above the limit by chance
        assert!(found.lacking.iter().all(|one| one.width >= ASKED.width), "{:?}", found.lacking);
    }
    let none = Round { nodes: vec![], scores: vec![], blocks: vec![], windows: vec![], class_width: 10 * POINT };
    assert!(search(&none, &ASKED, &|_, _| ()).unwrap().lacking.is_empty());
}

#[test]
fn blocks_of_one_and_two_are_reported() {
    let mut round = rounds::round(PLAN, rounds::tree(&[2, 2]));
    let moved: Vec<usize> = round.blocks[0].drain(..3).collect();
    round.blocks.push(moved[..1].to_vec());
    round.blocks.push(moved[1..].to_vec());
    let found = searched(&mut round);
    let lacking = |member: usize| found.lacking.iter().filter(|one| one.organisation == member).count();
    assert_eq!(moved.iter().map(|&member| lacking(member)).collect::<Vec<_>>(), [7, 7, 7]);
}

#[test]
fn uneven_weights_and_parents_after_their_children() {
    let mut nodes = rounds::tree(&[2, 3]);
    for (at, node) in nodes.iter_mut().enumerate() {
        node.weight = [0.37, 0.63, 0.21, 0.5, 0.29][at % 5];
    }
    // the shares of no parent add up to one now
    let last = nodes.len() - 1;
    nodes.reverse();
    for node in &mut nodes {
        node.parent = node.parent.map(|parent| last - parent);
    }
    let mut round = rounds::round(PLAN, rounds::tree(&[2, 3]));
    round.nodes = nodes;
    round.scores.iter_mut().for_each(|row| row.reverse());
    round.windows.iter_mut().for_each(|window| window.node = last - window.node);
    let found = search(&round, &ASKED, &|_, _| ()).unwrap();
    assert_eq!(found.failed, 0);
    assert!(found.witnesses.len() >= 24);
}
