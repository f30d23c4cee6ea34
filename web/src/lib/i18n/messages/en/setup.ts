export const setup = {
	title: 'First steps',
	purpose: 'From a fresh server to the first answer.',
	empty: 'This server is set up already',
}
