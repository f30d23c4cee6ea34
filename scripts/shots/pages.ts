import type { Page } from 'playwright-core'

export interface ShotPage {
	/** Of the file. */
	name: string
	path: string
	signedOut?: boolean
	/** On a database without anything in it. */
	empty?: boolean
	/** Shown in the README. */
	docs?: boolean
	/** Opens a menu, a dialog, a tab. */
	prepare?: (page: Page) => Promise<void>
}

/** A page of the admin is added here, with each of its states that looks different. */
export const pages: readonly ShotPage[] = [
	{ name: 'login', path: '/login', signedOut: true },
	{ name: 'upstreams', path: '/', docs: true },
	{ name: 'upstreams-empty', path: '/', empty: true },
	{ name: 'activity', path: '/activity' },
	{ name: 'requests', path: '/requests' },
	{ name: 'playground', path: '/playground' },
	{ name: 'history', path: '/history' },
	{ name: 'connect', path: '/connect' },
	{ name: 'settings', path: '/settings' },
	{ name: 'setup', path: '/setup', signedOut: true },
	{ name: 'not-found', path: '/nowhere' },
	{ name: 'components', path: '/dev/components', signedOut: true },
	{
		name: 'palette',
		path: '/history',
		prepare: async page => {
			await page.keyboard.press('Control+k')
			await page.getByRole('dialog').waitFor()
		},
	},
]
