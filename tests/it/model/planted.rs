//! Faults planted in the protocol.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Planted {
    Nothing,
    /// A free seat is looked up, then taken without a condition.
    CheckThenInsert,
    /// Whom the gate let pass is granted without a condition.
    GateGrants,
    /// The answer is not kept in the transaction that made the claim; the process dies before it is kept elsewhere.
    AnswerApart,
    /// The answer leaves before the commit.
    AnsweredEarly,
    /// No lock on the person, no unique index.
    NoIndex,
    /// The claim's row stays although there was no seat to count.
    RowStays,
    /// The counter first, by the number of intents; then rows, `ON CONFLICT DO NOTHING`.
    CounterFirst,
    /// A gate has no TTL.
    GateForEver,
    /// A settle does not look which version is there.
    SettleUnguarded,
    /// A release does not move the version.
    ReleaseKeepsVersion,
    /// Live tickets are counted as seats that are taken.
    TicketsAreSeats,
    /// Retries are gated like first attempts.
    RetriesGated,
    /// Somebody between repeats a request with all of its headers.
    ProxyRepeats,
    /// Who was offered a seat is gated like everybody.
    InvitedGated,
    /// The closed flag answers every attempt of everybody.
    FlagForAll,
    /// The closed flag answers every attempt, but those of holders.
    FlagForAllButHolders,
    /// A closed flag has no TTL.
    FlagForEver,
    /// A release offers its seat to nobody.
    ReleaseOffersNobody,
    /// An offer keeps no seat.
    OfferKeepsNothing,
    /// Who was offered a seat takes a free one where there is one, and the other stays kept.
    KeptOverlooked,
    /// An offer ends and the seat it kept stays kept.
    ExpiryKeepsSeat,
    /// Seats are taken away without looking who sits there.
    ResizeBlind,
}
