//! The capability table of the README is the one that the compiler knows.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use super::entry::CAPABILITIES;
use super::families::distributions;

const BEGIN: &str = "<!-- capabilities:begin -->\n";
const END: &str = "<!-- capabilities:end -->";

/// Instances × capabilities, in alphabetical order.
fn table() -> String {
    let rows: BTreeMap<String, [bool; 7]> = (distributions().into_iter())
        .filter_map(|entry| Some((entry.label, entry.capabilities?)))
        .collect();
    let mut table = format!("| | {} |\n", CAPABILITIES.join(" | "));
    table += &format!("|---|{}\n", ":-:|".repeat(CAPABILITIES.len()));
    for (name, capabilities) in rows {
        let marks = capabilities.map(|has| if has { "✓" } else { "" });
        table += &format!("| {name} | {} |\n", marks.join(" | "));
    }
    table
}

#[test]
fn capability_table_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md");
    let begin = readme.find(BEGIN).expect("the mark where the table begins") + BEGIN.len();
    let end = readme.find(END).expect("the mark where the table ends");
    let fresh = table();
    if env::var_os("UPDATE_README").is_some_and(|value| value == "1") {
        let updated = format!("{}{fresh}{}", &readme[..begin], &readme[end..]);
        fs::write(&path, updated).expect("a writable README.md");
        return;
    }
    assert!(
        readme[begin..end] == fresh,
        "the capability table of README.md is stale; run `UPDATE_README=1 cargo test --test \
         laws table`, or paste:\n{fresh}"
    );
}
