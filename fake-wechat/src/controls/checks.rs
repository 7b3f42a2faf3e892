//! What the checks of texts and pictures find, and which pages are released.

use crate::{Controls, media_check::MediaVerdict, text_check::Word};

impl Controls {
    /// One more word that text checks look for.
    pub fn add_word(&self, word: Word) {
        self.with(|world, _| world.words.push(word));
    }

    /// What is said of the next pictures, one each.
    pub fn media_verdicts(&self, verdicts: impl IntoIterator<Item = MediaVerdict>) {
        self.with(|world, _| world.media_verdicts.extend(verdicts));
    }

    /// Whether the mini program that people have holds this page, e.g. `pages/task/index`. All do at first.
    pub fn release(&self, page: &str, released: bool) {
        self.with(|world, _| match released {
            true => world.pages.unreleased.remove(page),
            false => world.pages.unreleased.insert(page.to_owned()),
        });
    }
}
