//! Who may be sent what: messages that a user accepted and that were not sent yet, by openid and template. Nobody
//! has accepted anything at first.

use std::collections::{BTreeMap, BTreeSet};

use crate::{answer::Refused, templates::Template};

#[derive(Debug, Default)]
pub(crate) struct Grants {
    /// By openid and template.
    held: BTreeMap<(String, String), Held>,
    /// Templates.
    banned: BTreeSet<String>,
    /// Openids a message is on its way to.
    sending: BTreeSet<String>,
    /// Openids that turned all messages off.
    off: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// Messages still to come; of a long-term template any number while it is not 0.
    balance: u64,
    /// Answered for ever: no prompt any more.
    kept: Option<bool>,
}

impl Grants {
    /// The user accepts or refuses one template of a prompt, perhaps for good.
    pub(crate) fn answer(&mut self, openid: &str, template: &Template, accept: bool, keep: bool) {
        let held = self.held.entry((openid.into(), template.id.clone())).or_default();
        match (accept, template.long_term) {
            (true, true) => held.balance = 1,
            (true, false) => held.balance += 1,
            (false, true) => held.balance = 0,
            (false, false) => {}
        }
        if keep {
            held.kept = Some(accept);
        }
    }

    /// The answer given for good.
    pub(crate) fn kept(&self, openid: &str, template: &str) -> Option<bool> {
        self.held.get(&(openid.into(), template.into()))?.kept
    }

    /// The user turns the template off in the settings: what was accepted is gone.
    pub(crate) fn refuse(&mut self, openid: &str, template: &str) {
        let refused = Held { balance: 0, kept: Some(false) };
        self.held.insert((openid.into(), template.into()), refused);
    }

    /// Takes one message on its way, which [`Self::arrived`] ends.
    pub(crate) fn spend(&mut self, openid: &str, template: &Template) -> Result<(), Refused> {
        if self.banned.contains(&template.id) {
            return Err(Refused(43107));
        }
        if self.sending.contains(openid) {
            return Err(Refused(43108));
        }
        let held = self.held.get_mut(&(openid.to_owned(), template.id.clone()));
        let held = held.filter(|held| held.balance > 0 && !self.off.contains(openid));
        let held = held.ok_or(Refused(43101))?;
        if !template.long_term {
            held.balance -= 1;
        }
        self.sending.insert(openid.to_owned());
        Ok(())
    }

    pub(crate) fn arrived(&mut self, openid: &str) {
        self.sending.remove(openid);
    }

    pub(crate) fn balance(&self, openid: &str, template: &str) -> u64 {
        self.held.get(&(openid.into(), template.into())).map_or(0, |held| held.balance)
    }

    pub(crate) fn set_banned(&mut self, template: &str, banned: bool) {
        if banned {
            self.banned.insert(template.to_owned());
        } else {
            self.banned.remove(template);
        }
    }

    pub(crate) fn is_banned(&self, template: &str) -> bool {
        self.banned.contains(template)
    }

    /// The switch over all messages.
    pub(crate) fn switch(&mut self, openid: &str, on: bool) {
        if on {
            self.off.remove(openid);
        } else {
            self.off.insert(openid.to_owned());
        }
    }

    pub(crate) fn is_off(&self, openid: &str) -> bool {
        self.off.contains(openid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(title: &str) -> &'static Template {
        Template::named(title).unwrap()
    }

    #[test]
    fn one_acceptance_is_one_message() {
        let (mut grants, reminder) = (Grants::default(), template("活动开始提醒"));
        assert_eq!(grants.spend("o1", reminder), Err(Refused(43101)));
        grants.answer("o1", reminder, true, false);
        grants.answer("o1", reminder, true, false);
        grants.answer("o1", reminder, false, false);
        for _ in 0..2 {
            assert_eq!(grants.spend("o1", reminder), Ok(()));
            grants.arrived("o1");
        }
        assert_eq!(grants.spend("o1", reminder), Err(Refused(43101)));
        assert_eq!(grants.spend("o2", reminder), Err(Refused(43101)));
    }

    #[test]
    fn a_long_term_template_is_accepted_once_for_all() {
        let (mut grants, progress) = (Grants::default(), template("政务服务进度通知"));
        grants.answer("o1", progress, true, false);
        for _ in 0..3 {
            assert_eq!(grants.spend("o1", progress), Ok(()));
            grants.arrived("o1");
        }
        grants.refuse("o1", &progress.id);
        assert_eq!(grants.spend("o1", progress), Err(Refused(43101)));
    }

    #[test]
    fn two_at_once_to_one_person_are_refused_and_cost_nothing() {
        let (mut grants, reminder) = (Grants::default(), template("活动开始提醒"));
        for openid in ["o1", "o1", "o2"] {
            grants.answer(openid, reminder, true, false);
        }
        assert_eq!(grants.spend("o1", reminder), Ok(()));
        assert_eq!(grants.spend("o1", reminder), Err(Refused(43108)));
        assert_eq!(grants.spend("o2", reminder), Ok(()));
        assert_eq!(grants.balance("o1", &reminder.id), 1);
        grants.arrived("o1");
        assert_eq!(grants.spend("o1", reminder), Ok(()));
    }

    #[test]
    fn a_ban_and_the_switch_over_all_stop_messages_that_were_accepted() {
        let (mut grants, reminder) = (Grants::default(), template("活动开始提醒"));
        grants.answer("o1", reminder, true, false);
        grants.set_banned(&reminder.id, true);
        assert_eq!(grants.spend("o1", reminder), Err(Refused(43107)));
        grants.set_banned(&reminder.id, false);
        grants.switch("o1", false);
        assert_eq!(grants.spend("o1", reminder), Err(Refused(43101)));
        grants.switch("o1", true);
        assert_eq!(grants.spend("o1", reminder), Ok(()));
    }
}
