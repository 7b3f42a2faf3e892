//! Prompts, acceptances and the messages that came of them. Templates go by title or id; users by name.

use std::time::Duration;

use crate::{
    Controls,
    events::Event,
    ids,
    prompts::{Asked, Prompt, Verdicts},
    subscribe::{Fate, Message},
    templates::Template,
    world::World,
};

impl Controls {
    /// A page asks that user for messages of these templates.
    ///
    /// # Errors
    /// The number WeChat gives the page: 10001 none, 20001 unknown template, 20002 one-time and long-term mixed,
    /// 20003 too many, 20004 the user turned all messages off.
    pub fn prompt(&self, name: &str, templates: &[&str]) -> Result<Asked, i64> {
        self.with(|world, now_ms| world.prompt(name, templates, now_ms)).map_err(|code| code.0)
    }

    /// The templates a waiting prompt asks for; none where it is gone.
    pub fn asked(&self, prompt: u64) -> Vec<String> {
        let asked = |world: &World| Some(world.prompts.get(&prompt)?.templates.clone());
        self.with(|world, _| asked(world).unwrap_or_default())
    }

    /// The user answers a prompt: these templates yes, the others no; with `keep` for good. None: it is not there.
    pub fn tap(&self, prompt: u64, accepted: &[&str], keep: bool) -> Option<Verdicts> {
        self.with(|world, now_ms| world.tap(prompt, accepted, keep, now_ms))
    }

    /// The user is asked for one template and says yes. Tells whether they could be asked at all.
    pub fn accept(&self, name: &str, template: &str) -> bool {
        match self.prompt(name, &[template]) {
            Ok(Asked::Waits(id)) => self.tap(id, &[template], false).is_some(),
            Ok(Asked::Settled(verdicts)) => verdicts.values().all(|verdict| *verdict == "accept"),
            Err(_) => false,
        }
    }

    /// The user turns the template off in the settings; WeChat tells so. Nothing happens where there is none.
    pub fn refuse(&self, name: &str, template: &str) {
        let Some(template) = Template::named(template) else { return };
        let openid = ids::openid(name);
        self.with(|world, now_ms| {
            world.grants.refuse(&openid, &template.id);
            world.pushes.tell(now_ms, Event::refused(&openid, &template.id));
        });
    }

    /// The switch over all messages of that user. WeChat tells nobody.
    pub fn switch(&self, name: &str, on: bool) {
        self.with(|world, _| world.grants.switch(&ids::openid(name), on));
    }

    /// WeChat bans the template, or lifts the ban.
    pub fn ban(&self, template: &str, banned: bool) {
        let Some(template) = Template::named(template) else { return };
        self.with(|world, _| world.grants.set_banned(&template.id, banned));
    }

    /// How many messages of the template that user has still to come.
    pub fn balance(&self, name: &str, template: &str) -> u64 {
        self.with(|world, _| {
            let template = Template::named(template);
            template.map_or(0, |one| world.grants.balance(&ids::openid(name), &one.id))
        })
    }

    /// The prompts that wait for a finger.
    pub fn prompts(&self) -> Vec<Prompt> {
        self.with(|world, _| world.prompts.values().cloned().collect())
    }

    /// Every message that was taken on, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.with(|world, _| world.messages.clone())
    }

    /// The messages on that user's phone, oldest first.
    pub fn messages_of(&self, name: &str) -> Vec<Message> {
        let openid = ids::openid(name);
        self.with(|world, _| on_phone(world, &openid).cloned().collect())
    }

    /// What becomes of the next messages that are taken on, one each.
    pub fn fates(&self, fates: impl IntoIterator<Item = Fate>) {
        self.with(|world, _| world.fates.extend(fates));
    }

    /// How long a message is on its way, in real time: so long, another to the same person gets 43108.
    pub fn sends_take(&self, long: Duration) {
        self.with(|world, _| world.send_takes = long);
    }
}

/// What lies on a phone.
pub(crate) fn on_phone<'a>(world: &'a World, openid: &'a str) -> impl Iterator<Item = &'a Message> {
    world.messages.iter().filter(move |message| message.openid == openid && !message.failed)
}
