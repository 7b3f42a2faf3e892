//! What a file changes: each person held against what is known. Nothing is stored here.

use std::collections::{HashMap, HashSet};

use ::entity::{
    membership::{self, MembershipKind, MembershipState},
    org, party_record, person, person_skill,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    identity::{Scope, people::phone_index},
    kernel::Error,
    org::{model::veiled, party::PartyFacts},
    platform::AppState,
};

use super::{
    ground::{Found, Ground},
    heading::Field::{Branch, Community, Name, Phone},
    line::{Line, Reading},
    store::{self, Known},
};

/// Who imports, into what.
#[derive(Clone)]
pub(super) struct Job {
    pub id: Uuid,
    pub org: org::Model,
    pub by: Uuid,
    pub scope: Scope,
    pub dry_run: bool,
}

/// Everything to store, sealed and ready.
#[derive(Default)]
pub(super) struct Writing {
    pub people: Vec<person::ActiveModel>,
    pub known: Vec<person::ActiveModel>,
    pub places: Vec<membership::ActiveModel>,
    pub placed: Vec<membership::ActiveModel>,
    pub records: Vec<party_record::ActiveModel>,
    pub skills: Vec<person_skill::ActiveModel>,
    pub added: i32,
    pub changed: i32,
    pub unchanged: i32,
}

/// Holds every line against what is known; `checked` hears how many are done.
pub(super) async fn plan(
    state: &AppState,
    job: &Job,
    reading: &mut Reading,
    mut checked: impl AsyncFnMut(usize) -> Result<(), Error>,
) -> Result<Writing, Error> {
    let db = state.db.read();
    let ground = Ground::survey(db, &job.org, &reading.lines).await?;
    let index = |line: &Line| line.phone.as_deref().map(|phone| phone_index(state, phone));
    let indexes: Vec<_> = reading.lines.iter().map(index).collect();
    let phones = store::by_phones(db, indexes.iter().flatten().cloned().collect()).await?;
    let by_phone: Vec<_> =
        indexes.into_iter().map(|index| index.and_then(|index| phones.get(&index))).collect();

    let mut nameless = HashSet::new();
    for (line, _) in reading.lines.iter().zip(&by_phone).filter(|(_, known)| known.is_none()) {
        if let Found::One(branch) = ground.branch(line.branch.as_deref()) {
            nameless.insert(branch);
        }
    }
    let mut names: HashMap<(Uuid, String), Vec<person::Model>> = HashMap::new();
    let taken: HashSet<_> = by_phone.iter().flatten().map(|person| person.id).collect();
    for (branch, person) in store::members_of(db, nameless.into_iter().collect()).await? {
        let name = real_name(state, &person)?;
        if let Some(name) = name.filter(|_| !taken.contains(&person.id)) {
            names.entry((branch, name)).or_default().push(person);
        }
    }
    let people: Vec<_> =
        taken.into_iter().chain(names.values().flatten().map(|person| person.id)).collect();
    let known = store::known(db, &people).await?;

    let mut desk =
        Desk { state, job, ground, names, known, met: HashSet::new(), writing: Writing::default() };
    let lines = std::mem::take(&mut reading.lines);
    for (at, (line, known)) in lines.iter().zip(by_phone).enumerate() {
        if at % store::PORTION == 0 {
            checked(at).await?;
        }
        desk.line(line, known, reading)?;
    }
    reading.lines = lines;
    Ok(desk.writing)
}

fn real_name(state: &AppState, person: &person::Model) -> Result<Option<String>, Error> {
    state.crypto.open_some("person.real_name", person.id, person.real_name.as_ref())
}

/// Where lines are compared one after another.
struct Desk<'a> {
    state: &'a AppState,
    job: &'a Job,
    ground: Ground,
    /// Members who were not found by a phone of the file, by branch and real name.
    names: HashMap<(Uuid, String), Vec<person::Model>>,
    known: Known,
    met: HashSet<Uuid>,
    writing: Writing,
}

impl Desk<'_> {
    fn line(
        &mut self,
        line: &Line,
        by_phone: Option<&person::Model>,
        reading: &mut Reading,
    ) -> Result<(), Error> {
        let branch = match self.ground.branch(line.branch.as_deref()) {
            Found::One(branch) => branch,
            Found::None if line.branch.is_none() => {
                reading.fault(
                    line.row,
                    Branch,
                    "required",
                    "缺少支部：不是从支部导入时，每行都要写所在支部",
                );
                return Ok(());
            }
            Found::None => {
                reading.fault(
                    line.row,
                    Branch,
                    "branch",
                    "这里没有这个支部，请和组织树里的名称写得一样",
                );
                return Ok(());
            }
            Found::Several => {
                reading.fault(line.row, Branch, "branch", "有几个同名的支部，请到那个支部单独导入");
                return Ok(());
            }
        };
        let found = self.who(line, branch, by_phone, reading)?;
        let Some(person) = found else { return Ok(()) };
        let before = self.weight();
        match person {
            Some(person) => self.known_person(line, branch, &person, reading)?,
            None => self.new_person(line, branch, reading)?,
        }
        let places = before.1 != self.writing.places.len()
            && self.writing.places[before.1..]
                .iter()
                .any(|place| place.kind == Set(MembershipKind::HomeBranch));
        match self.weight().0 - before.0 {
            _ if places => self.writing.added += 1,
            0 => self.writing.unchanged += 1,
            _ => self.writing.changed += 1,
        }
        Ok(())
    }

    /// How much there is to write so far: in all, and places.
    fn weight(&self) -> (usize, usize) {
        let Writing { people, known, places, placed, records, skills, .. } = &self.writing;
        let all = people.len() + known.len() + places.len() + placed.len();
        (all + records.len() + skills.len(), places.len())
    }

    /// Whom a line is about: somebody known, somebody new (`Some(None)`), or that cannot be told.
    fn who(
        &mut self,
        line: &Line,
        branch: Uuid,
        by_phone: Option<&person::Model>,
        reading: &mut Reading,
    ) -> Result<Option<Option<person::Model>>, Error> {
        let found = if let Some(person) = by_phone {
            if real_name(self.state, person)?.is_some_and(|name| name != line.name) {
                reading.fault(
                    line.row,
                    Phone,
                    "other_name",
                    "这个手机号登记的是另一个姓名，请核对",
                );
                return Ok(None);
            }
            person.clone()
        } else {
            let same = self.names.get(&(branch, line.name.clone()));
            match same.map_or(&[][..], Vec::as_slice) {
                [] => return Ok(Some(None)),
                [one] if line.phone.is_none() => one.clone(),
                [one] if one.phone.is_none() => {
                    let told = "支部里的同名党员还没有手机号，按同一个人补上";
                    reading.note(line.row, Name, "matched_by_name", told);
                    one.clone()
                }
                _ => {
                    let told = "支部里已有同名党员，手机号对不上：是同一人请先核对手机号，是另一人请单独登记";
                    reading.fault(line.row, Name, "same_name", told);
                    return Ok(None);
                }
            }
        };
        if !self.met.insert(found.id) {
            reading.fault(line.row, Name, "duplicate", "和前面的某一行是同一个人");
            return Ok(None);
        }
        Ok(Some(Some(found)))
    }

    fn new_person(
        &mut self,
        line: &Line,
        branch: Uuid,
        reading: &mut Reading,
    ) -> Result<(), Error> {
        let (crypto, now) = (&self.state.crypto, self.state.clock.now());
        let id = self.state.rng.id(now);
        let phone = line.phone.as_deref();
        self.writing.people.push(person::ActiveModel {
            id: Set(id),
            name: Set(veiled(&line.name)),
            real_name: Set(Some(crypto.seal("person.real_name", id, &line.name))),
            phone: Set(phone.map(|phone| crypto.seal("person.phone", id, phone))),
            phone_index: Set(phone.map(|phone| phone_index(self.state, phone))),
            volunteer: Set(false),
            ranked: Set(false),
            left_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        });
        self.place(line, id, branch);
        self.residence(line, id, None, reading);
        self.record(id, PartyFacts::default(), line)?;
        self.skills(id, &line.skills);
        Ok(())
    }

    fn known_person(
        &mut self,
        line: &Line,
        branch: Uuid,
        person: &person::Model,
        reading: &mut Reading,
    ) -> Result<(), Error> {
        let (state, now) = (self.state, self.state.clock.now());
        let places = self.known.places.remove(&person.id).unwrap_or_default();
        let held = |kind| places.iter().find(|place| place.kind == kind);
        match held(MembershipKind::HomeBranch) {
            None => self.place(line, person.id, branch),
            Some(home) if home.org_id != branch => {
                let told = "这个人的组织关系在别的支部，请先办理转接";
                reading.fault(line.row, Branch, "elsewhere", told);
                return Ok(());
            }
            Some(home) => {
                let class = line.class.unwrap_or(home.class);
                if home.state == MembershipState::Pending || home.class != class {
                    self.writing.placed.push(membership::ActiveModel {
                        id: Set(home.id),
                        state: Set(MembershipState::Confirmed),
                        class: Set(class),
                        decided_by: Set(Some(self.job.by)),
                        updated_at: Set(now),
                        ..Default::default()
                    });
                }
            }
        }
        let lacks_phone = person.phone.is_none() && line.phone.is_some();
        if person.real_name.is_none() || lacks_phone {
            let mut row = person::ActiveModel {
                id: Set(person.id),
                updated_at: Set(now),
                ..Default::default()
            };
            row.real_name = Set(Some(state.crypto.seal("person.real_name", person.id, &line.name)));
            if let Some(phone) = line.phone.as_deref().filter(|_| lacks_phone) {
                row.phone = Set(Some(state.crypto.seal("person.phone", person.id, phone)));
                row.phone_index = Set(Some(phone_index(state, phone)));
            }
            self.writing.known.push(row);
        }
        self.residence(line, person.id, held(MembershipKind::Residence), reading);
        let record = self.known.records.remove(&person.id);
        let facts = record.map(|row| PartyFacts::open(state, person.id, &row.facts)).transpose()?;
        self.record(person.id, facts.unwrap_or_default(), line)?;
        let has = self.known.skills.remove(&person.id).unwrap_or_default();
        let new: Vec<_> = line.skills.iter().filter(|one| !has.contains(one)).cloned().collect();
        self.skills(person.id, &new);
        Ok(())
    }

    fn place(&mut self, line: &Line, person: Uuid, branch: Uuid) {
        let class = line.class.unwrap_or_default();
        let home = (MembershipKind::HomeBranch, MembershipState::Confirmed);
        let row =
            membership::ActiveModel { class: Set(class), ..self.new_place(person, branch, home) };
        self.writing.places.push(row);
    }

    fn new_place(
        &self,
        person: Uuid,
        org: Uuid,
        (kind, state): (MembershipKind, MembershipState),
    ) -> membership::ActiveModel {
        let now = self.state.clock.now();
        let confirmed = state == MembershipState::Confirmed;
        membership::ActiveModel {
            id: Set(self.state.rng.id(now)),
            person_id: Set(person),
            org_id: Set(org),
            kind: Set(kind),
            state: Set(state),
            reason: Set(None),
            decided_by: Set(confirmed.then_some(self.job.by)),
            created_at: Set(now),
            updated_at: Set(now),
            class: Set(membership::MemberClass::default()),
            moved_from: Set(None),
        }
    }

    /// 双报到: the community says yes, unless it is the one that imports.
    fn residence(
        &mut self,
        line: &Line,
        person: Uuid,
        held: Option<&membership::Model>,
        reading: &mut Reading,
    ) {
        let Some(name) = &line.community else { return };
        let Found::One(community) = self.ground.community(name) else {
            let told = "没有找到这个社区（或有几个同名的），这一格没有导入，可以由本人登记居住地";
            reading.note(line.row, Community, "community", told);
            return;
        };
        match held {
            Some(held) if held.org_id == community.id => {}
            Some(_) => {
                let told = "本人已登记别的居住地社区，保留原来的";
                reading.note(line.row, Community, "residence_kept", told);
            }
            None => {
                let covered = self.job.scope.covers(&community.path);
                let state =
                    if covered { MembershipState::Confirmed } else { MembershipState::Pending };
                let row = self.new_place(person, community.id, (MembershipKind::Residence, state));
                self.writing.places.push(row);
            }
        }
    }

    fn record(&mut self, person: Uuid, mut facts: PartyFacts, line: &Line) -> Result<(), Error> {
        if facts.learn(&line.facts) {
            self.writing.records.push(party_record::ActiveModel {
                updated_by: Set(self.job.by),
                ..facts.row(self.state, person)?
            });
        }
        Ok(())
    }

    fn skills(&mut self, person: Uuid, skills: &[String]) {
        let rows = skills.iter().map(|skill| person_skill::ActiveModel {
            person_id: Set(person),
            skill: Set(skill.clone()),
            recorded_by: Set(self.job.by),
            recorded_at: Set(self.state.clock.now()),
            expires_at: Set(None),
        });
        self.writing.skills.extend(rows);
    }
}
