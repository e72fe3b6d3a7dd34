//! The running day: what was planned against what people do, and what could be offered to whom.
//!
//! Times are moments in UTC; the caller turns them into the centre's wall clock.

use chrono::{DateTime, TimeDelta, Utc};

/// What a person is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// On the line.
    Working,
    /// On a break.
    Break,
    /// Not there.
    Away,
}

/// Something that happened at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Came.
    SignedIn,
    /// Left.
    SignedOut,
    /// The desk was locked.
    Locked,
    /// The desk was unlocked.
    Unlocked,
    /// Went on a break; an unpaid one is lunch.
    Paused {
        /// Counts as work.
        paid: bool,
    },
    /// Back from a break.
    Resumed,
}

/// A stretch in one state. [`State::Away`] has none: it is what lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Begin.
    pub from: DateTime<Utc>,
    /// End.
    pub until: DateTime<Utc>,
    /// Working, or on a break.
    pub state: State,
    /// Counts as work.
    pub paid: bool,
    /// Goes on: its end is only the moment of looking.
    pub lasts: bool,
}

/// A break of a planned shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// Begin.
    pub from: DateTime<Utc>,
    /// End.
    pub until: DateTime<Utc>,
    /// Counts as work.
    pub paid: bool,
}

/// A shift as it was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Begin.
    pub from: DateTime<Utc>,
    /// End.
    pub until: DateTime<Utc>,
    /// Breaks within it.
    pub breaks: Vec<Break>,
}

/// How one person keeps to the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Keeping {
    /// Minutes of the shift that have passed.
    pub due: u32,
    /// Of these, minutes in the planned state, shifts within the tolerance forgiven.
    pub kept: u32,
    /// Minutes of work planned until now.
    pub work_due: u32,
    /// Minutes of work done until now, before and after the shift too.
    pub work_done: u32,
    /// Minutes of planned work missed since the person was last on the line, beyond the tolerance; none
    /// for who is there or whose shift is over.
    pub late: u32,
}

impl Keeping {
    /// Share of the time that has passed in which the person was in the planned state, 0 to 1; none
    /// before the shift.
    pub fn adherence(&self) -> Option<f64> {
        (self.due > 0).then(|| f64::from(self.kept) / f64::from(self.due))
    }

    /// Work done against work planned; 1 is as planned, more is more. None before the shift.
    pub fn conformance(&self) -> Option<f64> {
        (self.work_due > 0).then(|| f64::from(self.work_done) / f64::from(self.work_due))
    }
}

impl std::ops::AddAssign for Keeping {
    fn add_assign(&mut self, other: Self) {
        self.due += other.due;
        self.kept += other.kept;
        self.work_due += other.work_due;
        self.work_done += other.work_done;
        self.late = self.late.max(other.late);
    }
}

impl Shift {
    /// What the person should be doing at a moment.
    pub fn state_at(&self, at: DateTime<Utc>) -> State {
        if at < self.from || at >= self.until {
            State::Away
        } else if self
            .breaks
            .iter()
            .any(|told| told.from <= at && at < told.until)
        {
            State::Break
        } else {
            State::Working
        }
    }

    /// Stretches of work, breaks aside, in order.
    pub fn stretches(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut from = self.from;
        let mut stretches = Vec::with_capacity(self.breaks.len() + 1);
        for told in &self.breaks {
            stretches.push((from, told.from));
            from = told.until;
        }
        stretches.push((from, self.until));
        stretches
    }

    /// Minutes that count as work.
    pub fn paid_minutes(&self) -> u32 {
        let unpaid = self.breaks.iter().filter(|told| !told.paid);
        let unpaid: i64 = unpaid.map(|told| minutes(told.from, told.until)).sum();
        u32::try_from(minutes(self.from, self.until) - unpaid).unwrap_or_default()
    }
}

fn minutes(from: DateTime<Utc>, until: DateTime<Utc>) -> i64 {
    (until - from).num_minutes()
}

/// Stretches of presence out of facts in the order of time; one that lasts ends now.
///
/// A locked desk is nobody's work. Facts that do not fit, such as a second coming, change nothing.
pub fn presence(facts: &[(DateTime<Utc>, Fact)], now: DateTime<Utc>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Option<(DateTime<Utc>, State, bool)> = None;
    // What goes on behind a locked screen.
    let mut behind: Option<(State, bool)> = None;
    for &(at, fact) in facts.iter().take_while(|(at, _)| *at <= now) {
        let next = match (fact, open) {
            (Fact::SignedIn, None) | (Fact::Resumed, Some(_)) => Some((State::Working, true)),
            (Fact::Paused { paid }, Some(_)) => Some((State::Break, paid)),
            (Fact::Unlocked, None) => behind.take(),
            (Fact::Locked, Some((_, state, paid))) => {
                behind = Some((state, paid));
                // A break may well be spent away from the screen.
                (state == State::Break).then_some((state, paid))
            }
            (Fact::SignedOut, _) => {
                behind = None;
                None
            }
            (_, open) => open.map(|(_, state, paid)| (state, paid)),
        };
        let same = open.map(|(_, state, paid)| (state, paid)) == next;
        if same {
            continue;
        }
        pieces.extend(close(open, at, false));
        open = next.map(|(state, paid)| (at, state, paid));
    }
    pieces.extend(close(open, now, true));
    pieces
}

fn close(
    open: Option<(DateTime<Utc>, State, bool)>,
    until: DateTime<Utc>,
    lasts: bool,
) -> Option<Piece> {
    let (from, state, paid) = open?;
    (from < until || lasts).then_some(Piece {
        from,
        until,
        state,
        paid,
        lasts,
    })
}

/// What a person is doing at a moment.
pub fn state_at(pieces: &[Piece], at: DateTime<Utc>) -> State {
    pieces
        .iter()
        .find(|piece| piece.from <= at && (at < piece.until || (piece.lasts && at == piece.until)))
        .map_or(State::Away, |piece| piece.state)
}

/// How a person keeps to a shift until now, minute by minute.
///
/// A minute counts as kept when the state is one that was planned within `tolerance` minutes of it, so
/// that a break taken a little early and a coming a little late are forgiven.
pub fn keeping(shift: &Shift, pieces: &[Piece], now: DateTime<Utc>, tolerance: u32) -> Keeping {
    let mut keeping = Keeping::default();
    let near = TimeDelta::minutes(i64::from(tolerance));
    let until = now.min(shift.until);
    let mut at = shift.from;
    while at < until {
        let actual = state_at(pieces, at);
        keeping.due += 1;
        let planned = shift.state_at(at);
        keeping.work_due += u32::from(planned == State::Working);
        let kept = actual == planned
            || shift.state_at(at - near) == actual
            || shift.state_at(at + near) == actual;
        keeping.kept += u32::from(kept);
        at += TimeDelta::minutes(1);
    }
    let done: i64 = pieces
        .iter()
        .filter(|piece| piece.state == State::Working)
        .map(|piece| minutes(piece.from, piece.until.min(now)))
        .sum();
    keeping.work_done = u32::try_from(done).unwrap_or_default();
    if now < shift.until && state_at(pieces, now) != State::Working {
        let worked = pieces.iter().filter(|piece| piece.state == State::Working);
        let left = worked.map(|piece| piece.until).max();
        let since = left.map_or(shift.from, |left| left.max(shift.from));
        let missed: i64 = shift
            .stretches()
            .into_iter()
            .map(|(from, until)| minutes(from.max(since), until.min(now)).max(0))
            .sum();
        keeping.late = u32::try_from(missed - i64::from(tolerance)).unwrap_or_default();
    }
    keeping
}

/// People planned and there in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// On the line by plan, on average over the interval.
    pub planned: f64,
    /// On the line in truth; none for what is to come.
    pub there: Option<f64>,
}

/// Planned and actual presence interval by interval from `first` on.
pub fn intervals(
    people: &[(Vec<Shift>, Vec<Piece>)],
    first: DateTime<Utc>,
    slot_minutes: u32,
    count: usize,
    now: DateTime<Utc>,
) -> Vec<Interval> {
    let slot = TimeDelta::minutes(i64::from(slot_minutes));
    let mut intervals = Vec::with_capacity(count);
    let mut from = first;
    for _ in 0..count {
        let until = from + slot;
        let seen = until.min(now);
        let mut interval = Interval {
            planned: 0.0,
            there: (from < now).then_some(0.0),
        };
        for (shifts, pieces) in people {
            for shift in shifts {
                let mut on_line = common(shift.from, shift.until, from, until);
                for told in &shift.breaks {
                    on_line -= common(told.from, told.until, from, until);
                }
                interval.planned += on_line / seconds(from, until);
            }
            if let Some(there) = &mut interval.there {
                for piece in pieces.iter().filter(|piece| piece.state == State::Working) {
                    *there += common(piece.from, piece.until, from, seen) / seconds(from, seen);
                }
            }
        }
        intervals.push(interval);
        from = until;
    }
    intervals
}

fn seconds(from: DateTime<Utc>, until: DateTime<Utc>) -> f64 {
    let seconds = (until - from).num_seconds().clamp(0, i64::from(i32::MAX));
    f64::from(i32::try_from(seconds).unwrap_or(i32::MAX))
}

fn common(
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    other_from: DateTime<Utc>,
    other_until: DateTime<Utc>,
) -> f64 {
    seconds(from.max(other_from), until.min(other_until))
}

/// Someone to whom more or less work may be offered, with what their contract leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Number of the person, handed back in the offer.
    pub person: usize,
    /// Today's shift.
    pub from: DateTime<Utc>,
    /// Its end.
    pub until: DateTime<Utc>,
    /// Minutes that the day may still grow by.
    pub day_left: u32,
    /// Minutes that the week may still grow by.
    pub week_left: u32,
    /// When the rest before the next shift must begin.
    pub rest_from: Option<DateTime<Utc>>,
    /// Minutes above the contract so far this week; below it is less than 0.
    pub over_contract: i32,
}

/// More or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Stay longer.
    Overtime,
    /// Go earlier.
    EarlyLeave,
}

/// What could be offered: to whom, from when until when.
pub type Offered = (usize, Offer, DateTime<Utc>, DateTime<Utc>);

/// Longest overtime and early leave, minutes.
const LONGEST: u32 = 120;

/// Offers that close gaps and use surplus, for the intervals from now on.
///
/// `balance` is people planned less people wanted, interval by interval from `first` on. Overtime goes
/// first to those with the fewest hours against their contract, early leave to those with the most;
/// each offer counts before the next is made, so nobody is sent home whom the hour needs.
pub fn offers(
    candidates: &[Candidate],
    balance: &[f64],
    first: DateTime<Utc>,
    slot_minutes: u32,
    now: DateTime<Utc>,
) -> Vec<Offered> {
    let mut balance = balance.to_vec();
    let slot = TimeDelta::minutes(i64::from(slot_minutes));
    let mut offers = Vec::new();
    let mut order: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.until > now)
        .collect();
    order.sort_by_key(|candidate| (candidate.over_contract, candidate.person));
    for candidate in &order {
        let allowed = candidate.day_left.min(candidate.week_left).min(LONGEST);
        let until = candidate.until + TimeDelta::minutes(i64::from(allowed));
        let until = candidate.rest_from.map_or(until, |rest| until.min(rest));
        let mut end = candidate.until;
        for (from, left) in slots(&mut balance, first, slot) {
            if from == end && from + slot <= until && *left <= -1.0 {
                *left += 1.0;
                end += slot;
            }
        }
        if end > candidate.until {
            offers.push((candidate.person, Offer::Overtime, candidate.until, end));
        }
    }
    for candidate in order.iter().rev() {
        let earliest = candidate.until - TimeDelta::minutes(i64::from(LONGEST));
        let earliest = earliest.max(now).max(candidate.from);
        let mut begin = candidate.until;
        // Backwards from the end of the shift, as long as one is too many.
        let mut all: Vec<_> = slots(&mut balance, first, slot).collect();
        for (from, left) in all.iter_mut().rev() {
            if *from + slot == begin && *from >= earliest && **left >= 1.0 {
                **left -= 1.0;
                begin = *from;
            }
        }
        if begin < candidate.until {
            offers.push((candidate.person, Offer::EarlyLeave, begin, candidate.until));
        }
    }
    offers
}

fn slots(
    balance: &mut [f64],
    first: DateTime<Utc>,
    slot: TimeDelta,
) -> impl Iterator<Item = (DateTime<Utc>, &mut f64)> {
    let mut from = first;
    balance.iter_mut().map(move |left| {
        let at = from;
        from += slot;
        (at, left)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, hour, minute, 0).unwrap()
    }

    /// From nine to five with lunch at one.
    fn shift() -> Shift {
        Shift {
            from: at(9, 0),
            until: at(17, 0),
            breaks: vec![Break {
                from: at(13, 0),
                until: at(13, 30),
                paid: false,
            }],
        }
    }

    fn close_to(one: Option<f64>, other: f64) -> bool {
        one.is_some_and(|one| (one - other).abs() < 1e-9)
    }

    #[test]
    fn a_day_as_planned_is_kept_whole() {
        let facts = [
            (at(8, 56), Fact::SignedIn),
            (at(13, 2), Fact::Paused { paid: false }),
            (at(13, 33), Fact::Resumed),
            (at(17, 1), Fact::SignedOut),
        ];
        let pieces = presence(&facts, at(18, 0));
        assert_eq!(pieces.len(), 3);
        let kept = keeping(&shift(), &pieces, at(18, 0), 5);
        assert_eq!((kept.due, kept.kept, kept.work_due), (480, 480, 450));
        assert!(close_to(kept.adherence(), 1.0), "some minutes are forgiven");
        assert_eq!(kept.work_done, 246 + 208, "until the break, and after it");
        assert_eq!(shift().paid_minutes(), 450);
        let strict = keeping(&shift(), &pieces, at(18, 0), 0);
        assert_eq!(
            strict.kept,
            480 - 2 - 3,
            "without tolerance each minute counts"
        );
    }

    #[test]
    fn who_is_not_there_is_late_beyond_the_tolerance() {
        let late = |facts: &[(DateTime<Utc>, Fact)], now| {
            keeping(&shift(), &presence(facts, now), now, 5).late
        };
        assert_eq!(late(&[], at(9, 4)), 0);
        assert_eq!(late(&[], at(9, 20)), 15);
        assert_eq!(
            late(&[], at(13, 20)),
            235,
            "who never came is no less late at lunch"
        );
        assert_eq!(late(&[], at(13, 40)), 245, "nor after it");
        assert_eq!(
            late(&[(at(9, 20), Fact::SignedIn)], at(9, 30)),
            0,
            "is there now"
        );
        let lunch = [
            (at(9, 0), Fact::SignedIn),
            (at(13, 0), Fact::Paused { paid: false }),
        ];
        assert_eq!(late(&lunch, at(13, 20)), 0, "lunch is planned");
        assert_eq!(
            late(&lunch, at(13, 45)),
            10,
            "lunch is over since half past"
        );
        assert_eq!(late(&lunch, at(17, 30)), 0, "the shift is over");
        let gone = [(at(9, 0), Fact::SignedIn), (at(15, 0), Fact::SignedOut)];
        assert_eq!(late(&gone, at(15, 30)), 25, "left at three");
    }

    #[test]
    fn a_locked_desk_is_nobodys_work_but_may_be_a_break() {
        let facts = [
            (at(9, 0), Fact::SignedIn),
            (at(10, 0), Fact::Locked),
            (at(10, 30), Fact::Unlocked),
            (at(11, 0), Fact::Paused { paid: true }),
            (at(11, 2), Fact::Locked),
            (at(11, 10), Fact::Unlocked),
            (at(11, 11), Fact::Resumed),
        ];
        let pieces = presence(&facts, at(12, 0));
        let of = |state| -> i64 {
            let of_state = pieces.iter().filter(|piece| piece.state == state);
            of_state.map(|piece| minutes(piece.from, piece.until)).sum()
        };
        assert_eq!(of(State::Break), 11, "locked within a break is a break");
        assert_eq!(of(State::Working), 60 + 30 + 49);
        assert_eq!(state_at(&pieces, at(10, 15)), State::Away);
    }

    #[test]
    fn intervals_count_people_by_the_time_they_are_there() {
        let people = [(
            vec![shift()],
            presence(&[(at(9, 5), Fact::SignedIn)], at(9, 20)),
        )];
        let found = intervals(&people, at(8, 45), 15, 4, at(9, 20));
        let planned: Vec<f64> = found.iter().map(|interval| interval.planned).collect();
        assert_eq!(planned, [0.0, 1.0, 1.0, 1.0]);
        assert!(close_to(found[0].there, 0.0));
        assert!(
            close_to(found[1].there, 2.0 / 3.0),
            "ten minutes of fifteen"
        );
        assert!(close_to(found[2].there, 1.0), "all of what has passed");
        assert_eq!(found[3].there, None, "to come");
        let lunch = intervals(&people, at(13, 0), 60, 1, at(9, 20));
        assert!(
            close_to(Some(lunch[0].planned), 0.5),
            "half an hour of lunch"
        );
    }

    fn candidate(person: usize, over_contract: i32) -> Candidate {
        Candidate {
            person,
            from: at(9, 0),
            until: at(17, 0),
            day_left: 240,
            week_left: 240,
            rest_from: None,
            over_contract,
        }
    }

    #[test]
    fn overtime_goes_to_who_has_fewest_hours_and_may() {
        let two = [candidate(0, 120), candidate(1, -60)];
        let short = [-1.2, -1.0, -0.4, 0.0];
        let found = offers(&two, &short, at(17, 0), 15, at(12, 0));
        assert_eq!(
            found,
            [(1, Offer::Overtime, at(17, 0), at(17, 30))],
            "one is enough; the third quarter lacks less than one"
        );
        let mut bound = candidate(1, -60);
        bound.rest_from = Some(at(17, 15));
        let found = offers(&[bound.clone()], &short, at(17, 0), 15, at(12, 0));
        assert_eq!(
            found[0].3,
            at(17, 15),
            "the rest before the next shift holds"
        );
        bound.week_left = 0;
        assert!(offers(&[bound], &short, at(17, 0), 15, at(12, 0)).is_empty());
    }

    #[test]
    fn early_leave_goes_to_who_has_most_hours_and_only_while_one_is_too_many() {
        let two = [candidate(0, 120), candidate(1, -60)];
        let surplus = [0.5, 1.4, 1.0, 2.1];
        let found = offers(&two, &surplus, at(16, 0), 15, at(12, 0));
        assert_eq!(
            found,
            [
                (0, Offer::EarlyLeave, at(16, 15), at(17, 0)),
                (1, Offer::EarlyLeave, at(16, 45), at(17, 0)),
            ]
        );
        assert!(
            offers(&two, &surplus, at(16, 0), 15, at(17, 0)).is_empty(),
            "the shift is over"
        );
    }

    fn facts() -> impl Strategy<Value = Vec<(DateTime<Utc>, Fact)>> {
        let fact = prop_oneof![
            Just(Fact::SignedIn),
            Just(Fact::SignedOut),
            Just(Fact::Locked),
            Just(Fact::Unlocked),
            any::<bool>().prop_map(|paid| Fact::Paused { paid }),
            Just(Fact::Resumed),
        ];
        proptest::collection::vec((0_i64..1440, fact), 0..30).prop_map(|mut facts| {
            facts.sort_by_key(|(minute, _)| *minute);
            facts
                .into_iter()
                .map(|(minute, fact)| (at(0, 0) + TimeDelta::minutes(minute), fact))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn pieces_are_in_order_and_apart_whatever_happened(facts in facts(), now in 0_i64..1440) {
            let now = at(0, 0) + TimeDelta::minutes(now);
            let pieces = presence(&facts, now);
            for piece in &pieces {
                prop_assert!(piece.from < piece.until || piece.lasts);
                prop_assert!(piece.from <= piece.until && piece.until <= now);
                prop_assert!(piece.state != State::Away);
            }
            for pair in pieces.windows(2) {
                prop_assert!(pair[0].until <= pair[1].from);
            }
            let kept = keeping(&shift(), &pieces, now, 5);
            prop_assert!(kept.kept <= kept.due && kept.work_due <= kept.due);
        }
    }
}
