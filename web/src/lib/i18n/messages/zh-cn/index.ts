import type { Messages } from '../en/index.ts'
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

export const zhCn: Messages = {
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
