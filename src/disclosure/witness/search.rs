//! The order of the search: which insiders, how many draws, what is tried for what they leave; each method has a file of its own.

use std::{sync::mpsc, thread};

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    Asked, Found, Lacking, Method, Round, RoundError, Witness, effective_draws, holds, likeliest, measure::Reach,
    shape::Shape, solve, valid, walk::Chain, widths,
};

/// Chains, each with its own insiders.
const CHAINS: usize = 2;
/// How many times as many draws there may be as asked for.
const EXTENSIONS: usize = 4;
/// A probability that lies further above the limit, in standard errors, is not drawn again in the hope that it was chance, nor is
/// one that the histogram alone gives.
const NEAR: f64 = 3.0;
/// Coolings with a pull, of each chain.
const PULLS: usize = 32;
/// Pull per millionth: twenty points are worth as much as forty factors of `e` in likelihood.
const SLOPE: f64 = 2e-6;
/// Entries for which programmes are tried.
const PROGRAMMES: usize = 24;

/// Looks for witnesses. `progress` gets coolings done and coolings planned. A thread for each chain; the same round and
/// seed give the same witnesses. The result says what is lacking: that a search ends says nothing.
pub fn search(round: &Round, asked: &Asked, progress: &dyn Fn(usize, usize)) -> Result<Found, RoundError> {
    valid::check(round)?;
    let shape = Shape::new(round);
    let insiders = insiders(round, asked.seed);
    let mut found = Found::default();
    let mut chains: Vec<Chain> = insiders
        .iter()
        .enumerate()
        .map(|(number, fixed)| Chain::new(round, &shape, fixed, asked.seed, number as u64))
        .collect();
    let reach = Reach::new(round, &insiders);
    let mut done = 0;
    let mut lacking = Vec::new();
    for extension in 1..=EXTENSIONS {
        let planned = extension * asked.states * chains.len();
        draw(round, &mut chains, asked.states, Method::Walk, &mut found, &mut || {
            done += 1;
            progress(done, planned);
        });
        lacking = lacks(round, asked, &reach, &found.witnesses);
        let limit = asked.bin_probability_max;
        let error = (limit * (1.0 - limit) / (extension * asked.states) as f64).sqrt();
        let near =
            |one: &Lacking| one.probability > limit && one.probability < limit + NEAR * error && one.share <= limit;
        if !lacking.iter().any(near) {
            break;
        }
    }
    let entries = round.scores.len() * round.nodes.len();
    found.settled.walk = entries - lacking.len();
    for number in 0..PULLS {
        for chain in &mut chains {
            chain.state.pull = pull(round, asked, &lacking, &chain.fixed, number);
        }
        if chains.iter().all(|chain| chain.state.pull.is_empty()) {
            break;
        }
        draw(round, &mut chains, 1, Method::Pull, &mut found, &mut || ());
        if number % 4 == 3 {
            lacking = lacks(round, asked, &reach, &found.witnesses);
        }
    }
    lacking = lacks(round, asked, &reach, &found.witnesses);
    found.settled.pull = entries - lacking.len() - found.settled.walk;
    let narrow: Vec<&Lacking> = lacking.iter().filter(|one| is_narrow(one, asked)).take(PROGRAMMES).collect();
    found.witnesses.extend(programmes(round, &shape, &insiders, &narrow));
    found.lacking = lacks(round, asked, &reach, &found.witnesses);
    found.settled.solver = entries - found.lacking.len() - found.settled.walk - found.settled.pull;
    let draws = effective_draws(round, &found.witnesses);
    let at = |share: f64| draws.get((share * draws.len() as f64) as usize).copied().unwrap_or(0.0);
    found.effective = [at(0.05), at(0.5)];
    Ok(found)
}

/// One member of every block for each chain; different ones, unless a block has too few.
fn insiders(round: &Round, seed: u64) -> Vec<Vec<usize>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(u64::MAX);
    let mut insiders = vec![Vec::new(); CHAINS];
    for block in round.blocks.iter().filter(|block| !block.is_empty()) {
        let mut members = block.clone();
        members.shuffle(&mut random);
        for (number, fixed) in insiders.iter_mut().enumerate() {
            fixed.push(members[number % members.len()]);
        }
    }
    for fixed in &mut insiders {
        fixed.sort_unstable();
    }
    insiders
}

/// So many coolings of each chain, a thread each; what they end at is kept if it is a witness. Chains share nothing, so that
/// threads change no result. `note` is called after each.
fn draw(round: &Round, chains: &mut [Chain], count: usize, method: Method, found: &mut Found, note: &mut dyn FnMut()) {
    let (sender, cooled) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let spawn = |chain| {
            let sender = sender.clone();
            scope.spawn(move || witnesses(round, chain, count, method, &sender))
        };
        let threads: Vec<_> = chains.iter_mut().map(spawn).collect();
        drop(sender);
        for () in cooled {
            note();
        }
        for thread in threads {
            match thread.join() {
                Ok(witnesses) => {
                    found.failed += count - witnesses.len();
                    found.witnesses.extend(witnesses);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
}

fn witnesses(
    round: &Round,
    chain: &mut Chain,
    count: usize,
    method: Method,
    cooled: &mpsc::Sender<()>,
) -> Vec<Witness> {
    let mut witnesses = Vec::new();
    for _ in 0..count {
        let is_witness = chain.renew();
        let witness = Witness { scores: chain.state.rows(), fixed: chain.fixed.clone(), method };
        if is_witness && holds(round, &witness) {
            witnesses.push(witness);
        }
        // nobody listens once the search itself has been given up
        let _ = cooled.send(());
    }
    witnesses
}

/// What programmes find for some entries, each beside every chain's insiders; a thread for each chain.
fn programmes(round: &Round, shape: &Shape, insiders: &[Vec<usize>], narrow: &[&Lacking]) -> Vec<Witness> {
    let of_chain = |fixed: &Vec<usize>| -> Vec<Witness> {
        let free = narrow.iter().filter(|one| !fixed.contains(&one.organisation));
        let solved = free.flat_map(|one| solve::extremes(round, shape, fixed, one.organisation, one.node));
        solved.filter(|witness| holds(round, witness)).collect()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = insiders.iter().map(|fixed| scope.spawn(|| of_chain(fixed))).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Where something is missing.
fn lacks(round: &Round, asked: &Asked, reach: &Reach, witnesses: &[Witness]) -> Vec<Lacking> {
    let (widths, likeliest) = (widths(round, witnesses), likeliest(round, witnesses));
    let mut lacking = Vec::new();
    for (organisation, (widths, likeliest)) in widths.iter().zip(&likeliest).enumerate() {
        for (node, (&width, &(class, probability))) in widths.iter().zip(likeliest).enumerate() {
            if width < asked.width || probability > asked.bin_probability_max {
                let (reach, share) = reach.of(organisation, node, class);
                lacking.push(Lacking { organisation, node, width, reach, class, probability, share });
            }
        }
    }
    lacking
}

/// Whether the width is what is missing, and can be found.
fn is_narrow(one: &Lacking, asked: &Asked) -> bool {
    one.width < asked.width && one.reach > asked.width
}

/// A pull on the narrow values of one organisation of each block: in turn one organisation after the other, up and then down, and
/// in neighbouring blocks the other way, so that what one adds to a group's sum another takes away. Empty if nothing is narrow.
fn pull(round: &Round, asked: &Asked, lacking: &[Lacking], fixed: &[usize], number: usize) -> Vec<f64> {
    let mut pull = vec![0.0; round.scores.len() * round.nodes.len()];
    let mut any = false;
    for (place, block) in round.blocks.iter().enumerate() {
        let narrow = |one: &&Lacking| {
            is_narrow(one, asked) && block.contains(&one.organisation) && !fixed.contains(&one.organisation)
        };
        let of_block: Vec<&Lacking> = lacking.iter().filter(narrow).collect();
        let mut organisations: Vec<usize> = of_block.iter().map(|one| one.organisation).collect();
        organisations.dedup();
        if organisations.is_empty() {
            continue;
        }
        let organisation = organisations[number / 2 % organisations.len()];
        let up = (number + place).is_multiple_of(2);
        for one in of_block.iter().filter(|one| one.organisation == organisation) {
            pull[organisation * round.nodes.len() + one.node] = if up { SLOPE } else { -SLOPE };
            any = true;
        }
    }
    if any { pull } else { Vec::new() }
}
