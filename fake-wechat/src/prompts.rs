//! What `wx.requestSubscribeMessage` does on a phone: it asks the user for one or several templates at a tap, and
//! tells the page, and WeChat's push, what came of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{answer::Refused, events::Event, ids, templates::Template, world::World};

/// As many as the current typings allow.
const MOST: usize = 5;

/// What a page is told, by template: `accept`, `reject`, `ban` or `filter`.
pub type Verdicts = BTreeMap<String, &'static str>;

/// A prompt that stands on a phone and waits for a finger.
#[derive(Clone, Debug, Serialize)]
pub struct Prompt {
    pub id: u64,
    pub openid: String,
    /// Ids, those that can be accepted.
    pub templates: Vec<String>,
    #[serde(skip)]
    settled: Vec<(String, &'static str)>,
}

/// What comes of asking.
#[derive(Clone, Debug)]
pub enum Asked {
    /// It stands on the phone.
    Waits(u64),
    /// Nobody is asked: all was answered for good before.
    Settled(Verdicts),
}

impl World {
    /// Shows a prompt on that user's phone. Refused with WeChat's numbers for it: 10001 none, 20001 unknown, 20002
    /// one-time and long-term mixed, 20003 too many, 20004 the user turned all messages off.
    pub(crate) fn prompt(
        &mut self,
        name: &str,
        templates: &[&str],
        now_ms: i64,
    ) -> Result<Asked, Refused> {
        let openid = ids::openid(name);
        let found = templates.iter().map(|name| Template::named(name).ok_or(Refused(20001)));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let first = found.first().ok_or(Refused(10001))?;
        match () {
            () if found.len() > MOST => return Err(Refused(20003)),
            () if found.iter().any(|one| one.long_term != first.long_term) => {
                return Err(Refused(20002));
            }
            () if self.grants.is_off(&openid) => return Err(Refused(20004)),
            () => {}
        }
        let id = self.ids.number("prompt");
        let mut prompt = Prompt { id, openid, templates: vec![], settled: vec![] };
        for template in found {
            let id = template.id.clone();
            match self.grants.kept(&prompt.openid, &id) {
                _ if self.grants.is_banned(&id) => prompt.settled.push((id, "ban")),
                Some(accept) => {
                    self.grants.answer(&prompt.openid, template, accept, true);
                    prompt.settled.push((id, if accept { "accept" } else { "reject" }));
                }
                None => prompt.templates.push(id),
            }
        }
        if prompt.templates.is_empty() {
            return Ok(Asked::Settled(self.conclude(prompt, now_ms)));
        }
        self.prompts.insert(id, prompt);
        Ok(Asked::Waits(id))
    }

    /// The user's finger: these are accepted, the others on the prompt refused; with `keep` for good. None where no
    /// such prompt waits.
    pub(crate) fn tap(
        &mut self,
        id: u64,
        accepted: &[&str],
        keep: bool,
        now_ms: i64,
    ) -> Option<Verdicts> {
        let mut prompt = self.prompts.remove(&id)?;
        for template in std::mem::take(&mut prompt.templates) {
            let template = Template::of_id(&template)?;
            let accept =
                accepted.contains(&template.id.as_str()) || accepted.contains(&template.title);
            self.grants.answer(&prompt.openid, template, accept, keep);
            prompt.settled.push((template.id.clone(), if accept { "accept" } else { "reject" }));
        }
        Some(self.conclude(prompt, now_ms))
    }

    fn conclude(&mut self, prompt: Prompt, now_ms: i64) -> Verdicts {
        self.pushes.tell(now_ms, Event::popup(&prompt.openid, &prompt.settled));
        prompt.settled.into_iter().collect()
    }
}
