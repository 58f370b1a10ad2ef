//! SIGKILL at every point of ingest and publish at which the world can differ: afterwards the old edition is served or the new one.

use std::{
    fs,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use mognad::{release, sample::Layout, store::PublicStore};

use crate::fixture::{Fixture, KEY, year};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Runs the program over stores in `folder`, killed at a point if one is given.
fn run(folder: &Path, arguments: &[&str], kill_at: Option<u32>) -> ExitStatus {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mognad"));
    command.args(arguments).arg("--private").arg(folder.join("private"));
    if arguments[0] == "publish" {
        command.arg("--public").arg(folder.join("public")).arg("--threads").arg("1");
    }
    command.env("MOGNAD_PSEUDONYM_KEY", KEY).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(point) = kill_at {
        command.env("MOGNAD_KILL_AT", point.to_string());
    }
    command.status().unwrap()
}

async fn current(folder: &Path) -> Option<String> {
    let store = PublicStore::open(&folder.join("public").display().to_string()).unwrap();
    // opening verifies every digest, so a mixture would not open
    release::open(&store, "2100-01-01T00:00:00Z".parse().unwrap())
        .await
        .unwrap()
        .map(|release| release.manifest.release.to_string())
}

/// Points are tried one by one until a run gets through; `MOGNAD_KILL_STRIDE` leaves some out.
fn stride() -> usize {
    std::env::var("MOGNAD_KILL_STRIDE").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_the_old_edition_is_served_or_the_new_one() {
    let plan = Fixture::plan(2019..=2020, 30, 5);
    let start = Fixture::new();
    let first = start.survey(&plan, year(2019), Layout::Standard);
    let second = start.survey(&plan, year(2020), Layout::Standard);
    start.ingest(&first, year(2019)).await;
    let old = start.publish(1).await.release.to_string();
    let template = start.folder.path();

    let ingest = |folder: &Path, kill_at| {
        let file = second.display().to_string();
        run(folder, &["ingest", &file, "--instrument", "digital-maturity", "--year", "2020"], kill_at)
    };
    let publish = |folder: &Path, kill_at| run(folder, &["publish", "--without-witnesses"], kill_at);

    // what an undisturbed run comes to
    let whole = tempfile::TempDir::new().unwrap();
    copy(template, whole.path());
    assert!(ingest(whole.path(), None).success());
    assert!(publish(whole.path(), None).success());
    let new = current(whole.path()).await.unwrap();
    assert_ne!(old, new);

    let mut killed = 0;
    for point in (1_u32..).step_by(stride()) {
        let folder = tempfile::TempDir::new().unwrap();
        copy(template, folder.path());
        let status = ingest(folder.path(), Some(point));
        if status.signal().is_none() {
            assert!(status.success(), "{status:?}");
            break;
        }
        assert_eq!(status.signal(), Some(9));
        killed += 1;
        assert_eq!(current(folder.path()).await.as_deref(), Some(old.as_str()));
        assert!(ingest(folder.path(), None).success(), "ingest after a kill at {point}");
        assert!(publish(folder.path(), None).success());
        assert_eq!(current(folder.path()).await.as_deref(), Some(new.as_str()), "after a kill of ingest at {point}");
    }
    assert!(killed > 0);

    let ingested = tempfile::TempDir::new().unwrap();
    copy(template, ingested.path());
    assert!(ingest(ingested.path(), None).success());
    let mut seen_new = false;
    let mut killed = 0;
    for point in (1_u32..).step_by(stride()) {
        let folder = tempfile::TempDir::new().unwrap();
        copy(ingested.path(), folder.path());
        let status = publish(folder.path(), Some(point));
        if status.signal().is_none() {
            assert!(status.success(), "{status:?}");
            break;
        }
        killed += 1;
        let found = current(folder.path()).await.unwrap();
        assert!(found == old || found == new, "a third edition after a kill at {point}");
        // once committed, it stays so for every later point
        assert!(!(seen_new && found == old), "the commit is undone at {point}");
        seen_new |= found == new;
        assert!(publish(folder.path(), None).success(), "publish after a kill at {point}");
        assert_eq!(current(folder.path()).await.as_deref(), Some(new.as_str()), "after a kill of publish at {point}");
    }
    println!("publish was killed at {killed} points");
    assert!(killed >= 40 / stride(), "{killed}");
    assert!(seen_new);
}
