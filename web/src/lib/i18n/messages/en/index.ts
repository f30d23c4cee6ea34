import { activity } from './activity.ts'
import { common } from './common.ts'
import { connect } from './connect.ts'
import { errors } from './errors.ts'
import { history } from './history.ts'
import { login } from './login.ts'
import { notes } from './notes.ts'
import { playground } from './playground.ts'
import { requests } from './requests.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { upstreams } from './upstreams.ts'

/**
 * The English dictionary, and the shape of every other; one file for each area of the admin. Sentences are whole:
 * nothing is put together from parts, since word order differs. What varies comes in as an argument.
 */
export const en = {
	activity,
	common,
	connect,
	errors,
	history,
	login,
	notes,
	playground,
	requests,
	settings,
	setup,
	upstreams,
}

export type Messages = typeof en
