export const requests = {
	title: 'Requests',
	purpose: 'Each request: who answered, after how many attempts, at what cost.',
	empty: 'No requests yet',
}
