export const playground = {
	title: 'Playground',
	purpose: 'Send a request to any upstream, or only see what it is converted to.',
	empty: 'Nothing sent yet',
}
