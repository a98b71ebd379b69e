//! The picture is well-formed SVG with every label.

use crate::example::Folder;
use crate::synthetic;

#[test]
fn the_picture_is_well_formed() {
    let folder = Folder::new("regression", "picture");
    let data =
        synthetic().replacen("place,a,b,y", "place,a<b>&c,\"long, long, long, long name\",y", 1);
    folder.write("data.csv", data);
    folder.report("--data data.csv --target y --steps 200 --output picture.svg");
    let labels = labels(&folder.read("picture.svg"));
    for label in ["a&lt;b&gt;&amp;c", "long, long, long, long name", "observed = mean"] {
        assert!(labels.iter().any(|found| found == label), "{label} in {labels:?}");
    }
    assert!(labels.iter().all(|label| !label.contains("NaN") && !label.contains("inf")));
}

/// Checks that the picture is one SVG element whose tags close in order, and gives its texts.
pub fn labels(picture: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut labels = Vec::new();
    let mut tags = 0;
    for piece in picture.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("every tag ends");
        tags += 1;
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "<{tag}>");
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes what is open");
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            assert!(!open.is_empty() || name == "svg", "<{name}> is outside <svg>");
            open.push(name);
        }
        if name == "text" && !tag.starts_with('/') {
            labels.push(text.trim().to_owned());
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "every tag is closed");
    assert!(tags > 100, "a picture with {tags} tags is empty");
    labels
}
