/** Ladders that press against each other: two triggers, all channels, and hours at which nobody may be disturbed. */
export const definitions = [
  {
    name: 'Around the due day',
    audience: { segments: ['regular', 'periodic'] },
    trigger: { kind: 'due-day' },
    ladder: [
      { leadShare: -1, directness: 'presence', channel: 'email', hour: 11 },
      { leadShare: -0.5, directness: 'presence', channel: 'webhook', hour: 22 },
      { day: 0, directness: 'reminder', channel: 'email', fallbacks: ['task'], hour: 11 },
      { day: 1, directness: 'reminder', channel: 'email', fallbacks: ['task'], hour: 5 },
      { day: 3, directness: 'direct-offer', channel: 'task', hour: 16 },
      { day: 5, directness: 'direct-offer', channel: 'email', fallbacks: ['task'], hour: 11 },
      { day: 8, directness: 'direct-offer', channel: 'preferred', fallbacks: ['task'], hour: 20 },
    ],
    backlogPerDay: 3,
  },
  {
    name: 'Overdue',
    audience: { segments: ['regular', 'periodic', 'lost'] },
    trigger: { kind: 'due-day', daysAfter: 10 },
    ladder: [
      { day: 0, directness: 'reminder', channel: 'email', fallbacks: ['task'], hour: 11 },
      { day: 4, directness: 'direct-offer', channel: 'task', hour: 11 },
      { day: 12, directness: 'direct-offer', channel: 'email', fallbacks: ['task'], hour: 11 },
    ],
    backlogPerDay: 3,
  },
  {
    name: 'Thanks',
    audience: { segments: ['new', 'one-time', 'regular', 'periodic'] },
    trigger: { kind: 'purchase', daysAfter: 1 },
    ladder: [
      { day: 0, directness: 'presence', channel: 'email', fallbacks: ['webhook'], hour: 11 },
      { day: 3, directness: 'presence', channel: 'email', fallbacks: ['webhook'], hour: 23 },
      { day: 9, directness: 'reminder', channel: 'email', fallbacks: ['webhook'], hour: 11 },
    ],
  },
  {
    name: 'Second purchase',
    audience: { segments: ['new', 'one-time'] },
    trigger: { kind: 'purchase', daysAfter: 5 },
    ladder: [
      { day: 0, directness: 'presence', channel: 'webhook', hour: 11 },
      { day: 2, directness: 'reminder', channel: 'email', hour: 8 },
      { day: 4, directness: 'direct-offer', channel: 'task', hour: 11 },
    ],
  },
] as const;
