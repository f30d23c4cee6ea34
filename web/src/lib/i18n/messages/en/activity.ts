export const activity = {
	title: 'Activity',
	purpose: 'Requests, tokens, latency and errors over time.',
	empty: 'No requests yet',
}
