import type { components } from './schema'

type Schemas = components['schemas']
export type Body<Name extends keyof Schemas> = Schemas[Name]

export type Page<T> = { items: T[]; next_cursor?: string | null }

export type Home = Body<'HomeView'>
export type User = Body<'UserView'>
export type SignedIn = Body<'SignedIn'>
export type Card = Body<'Card'>
export type PoolCard = Body<'PoolCard'>
export type TaskPage = Body<'TaskPage'>
export type Request = Body<'RequestView'>
export type RequestPage = Body<'RequestPage'>
export type RequestForm = Body<'RequestForm'>
export type Category = Body<'CategoryView'>
export type Person = Body<'PersonRef'>
export type Org = Body<'ListedOrg'>
export type OrgDetail = Body<'OrgDetail'>
export type Claim = Body<'ClaimView'>
export type Offer = Body<'OfferView'>
export type Wait = Body<'WaitView'>
export type Draw = Body<'DrawView'>
export type Absence = Body<'AbsenceView'>
export type Notice = Body<'NoticeView'>
export type TimelineItem = Body<'TimelineItem'>
export type Story = Body<'StoryView'>
export type Ranking = Body<'RankingView'>
export type ThemeDay = Body<'ThemeDayView'>
export type Photo = Body<'FileView'>
export type Consent = Body<'ConsentView'>
export type MyBirthday = Body<'MyBirthday'>
export type Comrade = Body<'ComradeBirthday'>
export type Complaint = Body<'ComplaintView'>
export type Verdict = Body<'Verdict'>
export type Roster = Body<'Roster'>
export type FieldFault = Body<'FieldFault'>
