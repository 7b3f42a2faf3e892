export const answers = [
  { value: 'yes', words: '参加' },
  { value: 'leave', words: '请假' },
  { value: 'no', words: '不参加' },
] as const
