export const history = {
	title: 'History',
	purpose: 'Every change of the configuration, and the way back.',
	empty: 'Nothing has changed yet',
}
