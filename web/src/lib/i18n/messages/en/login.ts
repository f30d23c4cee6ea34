import { countOf } from '../../plural.ts'

export const login = {
	title: 'Sign in',
	heading: 'Sign in to claude-proxy',
	key: 'Admin key',
	keyHint: 'The value of ADMIN_ACCESS_KEY, or of PROXY_ACCESS_KEY when there is none.',
	whereTitle: 'Where do I find it?',
	where:
		'In the file .env in the folder of claude-proxy, or among the environment variables of your deployment. On the computer it runs on, the first start prints where it put it.',
	show: 'Show the key',
	hide: 'Hide the key',
	capsLock: 'Caps Lock is on',
	remember: 'Stay signed in on this device',
	rememberHint: 'For 30 days; otherwise until the browser is closed, 12 hours at most.',
	submit: 'Sign in',
	empty: 'Enter the key.',
	wrong: 'This key does not fit. Check it and try again.',
	wait: (seconds: number) =>
		`Too many attempts. You can try again in ${countOf(seconds, 'second', 'seconds')}.`,
	waitOver: 'You can try again now.',
	away: 'The server cannot be reached. This page keeps trying.',
	database: 'The database does not answer: signing in may not work.',
}
