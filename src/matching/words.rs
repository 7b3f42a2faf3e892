//! The reasons in words: for the office why these people and why not somebody, for a member why they.

use crate::kernel::day::spoken;

use super::{
    candidate::{Candidate, Distance, Free, Need, WhyNot},
    rings::Ring,
    score::{Factor, Score},
    wave::{Pick, Wave},
};

/// From here a respect speaks for somebody.
const SPEAKS_FOR: f64 = 0.7;
/// Most reasons told to a member: a sentence, not a file.
const MOST: usize = 3;

/// A ring as people call it.
pub const fn called(ring: Ring) -> &'static str {
    match ring {
        Ring::Named => "指定的人",
        Ring::Branch => "支部",
        Ring::Community => "社区",
        Ring::Street => "街道",
        Ring::District => "全区",
    }
}

impl WhyNot {
    /// Why somebody is not asked, for the office.
    pub fn zh(&self) -> String {
        match self {
            Self::Cannot(words) => words.clone(),
            Self::Declined => "对方已经谢绝了这个任务".to_owned(),
            Self::AskedAlready(at) => format!("{} 已经问过对方，不重复打扰", spoken(*at)),
            Self::Later(ring, at) => {
                format!("先问近处的人，{} 起问到{}，那时会问对方", spoken(*at), called(*ring))
            }
            Self::Resting(until) => format!("最近刚问过对方，{} 前不再打扰", spoken(*until)),
            Self::LessSuited => "还有更合适的人可以问（更近、更会做或这时有空）".to_owned(),
            Self::NotNeeded { asked: 0, chance } => {
                format!("之前问过的人还在答复，坐满的把握有 {}，暂时不用再问", percent(*chance))
            }
            Self::NotNeeded { asked, chance } => {
                format!("先问的 {asked} 人坐满的把握有 {}，暂时不用打扰对方", percent(*chance))
            }
        }
    }
}

/// 为什么是这些人, for the office: one sentence about the wave.
pub fn why_these(need: &Need, wave: &Wave) -> String {
    let (asked, chance) = (wave.picks.len(), percent(wave.chance));
    match (need.open, asked) {
        (0, _) => "名额已满，不用再问".to_owned(),
        (open, 0) if wave.enough => {
            format!("之前问过的人还在答复，{open} 个名额坐满的把握有 {chance}，这一轮不用再问")
        }
        (open, 0) => format!("还差 {open} 人，这个范围里暂时没有可以问的人，请扩大范围或打电话"),
        (open, asked) if wave.enough && need.later > 0 => {
            format!("还差 {open} 人，这一轮先问 {asked} 人，坐满的把握有 {chance}，不够再问下一轮")
        }
        (open, asked) if wave.enough => {
            format!("还差 {open} 人，这一轮问 {asked} 人，坐满的把握有 {chance}")
        }
        (open, asked) => format!(
            "还差 {open} 人，合适的 {asked} 人都问，坐满的把握只有 {chance}，请准备扩大范围"
        ),
    }
}

/// 为什么推荐您: what speaks most for the one who is asked, the weightiest first. What speaks against somebody, and
/// what others think of them, is not told.
pub fn why_you(need: &Need, candidate: &Candidate, score: &Score) -> String {
    let mut parts: Vec<_> = score.parts.iter().filter(|part| part.value >= SPEAKS_FOR).collect();
    parts.sort_by(|a, b| weighed(b).total_cmp(&weighed(a)));
    let words = parts.iter().filter_map(|part| for_you(need, candidate, part.factor)).take(MOST);
    let words: Vec<_> = words.collect();
    match words.is_empty() {
        true => "这个任务还缺人，您符合条件".to_owned(),
        false => words.join("；"),
    }
}

fn weighed(part: &super::Part) -> f64 {
    f64::from(part.factor.weight()) * part.value
}

fn for_you(need: &Need, candidate: &Candidate, factor: Factor) -> Option<String> {
    let has = need.skills.iter().filter(|skill| candidate.skills.contains(*skill));
    let has: Vec<_> = has.map(String::as_str).collect();
    let words = match factor {
        Factor::Skill if !has.is_empty() => format!("您会{}", has.join("、")),
        Factor::Skill if candidate.alike > 0 => "您做过这类服务".to_owned(),
        Factor::Distance => match candidate.distance {
            Distance::Near => "服务地点就在您附近（500 米以内）".to_owned(),
            Distance::Walk => "服务地点走路能到（1.5 公里以内）".to_owned(),
            Distance::Ride | Distance::Far | Distance::Unknown => return None,
        },
        Factor::Free => match candidate.free {
            Free::Said => "您说过这个时间有空".to_owned(),
            Free::Usual => "您以前常在这个时间参加".to_owned(),
            Free::Unknown => return None,
        },
        Factor::Turn if candidate.last_served.is_some() => {
            "您有一阵子没参加了，先想到您".to_owned()
        }
        Factor::Turn => "您还没参加过，欢迎来第一次".to_owned(),
        Factor::Reliability if candidate.kept > 0 && candidate.missed == 0 => {
            "您答应的事都做到了".to_owned()
        }
        Factor::Skill | Factor::Reliability | Factor::Fatigue | Factor::Reach => return None,
    };
    Some(words)
}

impl Pick {
    /// Why them, for the office: each respect in which they stand out, and how likely they come.
    pub fn zh(&self) -> String {
        let words = self.score.parts.iter().filter_map(|part| {
            let stands_out = part.value >= SPEAKS_FOR;
            Some(match part.factor {
                Factor::Skill if stands_out => "会做",
                Factor::Distance if stands_out => "住得近",
                Factor::Free if stands_out => "这时有空",
                Factor::Turn if stands_out => "好久没轮到",
                Factor::Turn if part.value < 0.2 => "最近刚参加过",
                Factor::Reliability if part.value < 0.8 => "有过失约",
                Factor::Fatigue if part.value < 0.5 => "最近没有回应",
                Factor::Reach if part.value < 0.5 => "收不到微信消息",
                _ => return None,
            })
        });
        let mut words: Vec<_> = words.map(ToOwned::to_owned).collect();
        words.push(format!("来的可能 {}", percent(self.chance)));
        words.join("，")
    }
}

fn percent(chance: f64) -> String {
    format!("{:.0}%", (chance * 100.0).floor())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Habits, choose,
            examples::{NOW, candidate, need},
            score,
        },
        *,
    };

    fn told(change: impl Fn(&mut Candidate)) -> String {
        let mut one = candidate(1);
        change(&mut one);
        why_you(&need(1), &one, &score(&need(1), &one, &Habits::default()))
    }

    #[test]
    fn a_member_reads_why_they_are_asked() {
        assert_eq!(
            told(|_| {}),
            "您还没参加过，欢迎来第一次；您会急救；服务地点走路能到（1.5 公里以内）"
        );
        let known = told(|one| {
            one.alike = 3;
            one.free = Free::Said;
            one.last_served = Some(NOW);
            one.distance = Distance::Far;
        });
        assert_eq!(known, "您会急救；您说过这个时间有空");
    }

    #[test]
    fn what_speaks_against_a_member_is_not_told_to_them() {
        let plain = told(|one| {
            one.skills.clear();
            one.distance = Distance::Far;
            one.last_served = Some(NOW);
            one.missed = 5;
            one.has_grant = false;
        });
        assert_eq!(plain, "这个任务还缺人，您符合条件");
    }

    #[test]
    fn the_office_reads_why_these_people_and_why_not_the_others() {
        let people: Vec<_> = (1..=80).map(candidate).collect();
        let wave = choose(&need(1), &people, &Habits::default());
        assert_eq!(
            why_these(&need(1), &wave),
            format!("还差 1 人，这一轮问 {} 人，坐满的把握有 90%", wave.picks.len())
        );
        assert!(wave.left[0].why.zh().ends_with("暂时不用打扰对方"), "{}", wave.left[0].why.zh());
        assert!(
            wave.picks[0].zh().starts_with("会做，住得近，好久没轮到，来的可能 "),
            "{}",
            wave.picks[0].zh()
        );
        let few = choose(&need(1), &people[..2], &Habits::default());
        assert!(why_these(&need(1), &few).contains("合适的 2 人都问"));
        let none = choose(&need(2), &[], &Habits::default());
        assert_eq!(
            why_these(&need(2), &none),
            "还差 2 人，这个范围里暂时没有可以问的人，请扩大范围或打电话"
        );
    }

    #[test]
    fn each_reason_against_is_a_sentence() {
        let said = [
            WhyNot::Declined,
            WhyNot::AskedAlready(NOW),
            WhyNot::Later(Ring::Street, NOW),
            WhyNot::Resting(NOW),
            WhyNot::NotNeeded { asked: 8, chance: 0.92 },
        ]
        .map(|why| why.zh());
        assert_eq!(
            said,
            [
                "对方已经谢绝了这个任务",
                "11月23日 10:00 已经问过对方，不重复打扰",
                "先问近处的人，11月23日 10:00 起问到街道，那时会问对方",
                "最近刚问过对方，11月23日 10:00 前不再打扰",
                "先问的 8 人坐满的把握有 92%，暂时不用打扰对方",
            ]
        );
    }
}
