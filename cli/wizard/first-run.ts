import { relative } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { toAddress } from '../address.ts'
import { addVariables, type FoundEnvironment, generateSecret } from '../environment.ts'
import { type ExitCode, exitCodes } from '../errors.ts'
import { type AccessKeyChoice, chooseAccessKey } from './choose-access-key.ts'
import { chooseDatabase, type DatabaseChoice } from './choose-database.ts'
import { type PlannedSettings, planClient, writeClient } from './connect-client.ts'
import { finishStep, undisturbed, type WizardContext } from './context.ts'
import { gatherUpstream, type NewUpstream, toAddCommand } from './gather-upstream.ts'
import { runQuietly } from './run-command.ts'

interface Plan {
	database: DatabaseChoice | undefined
	accessKey: AccessKeyChoice | undefined
	upstream: NewUpstream
	client: PlannedSettings | undefined
	start: boolean
}

export interface FirstRunEnd {
	exitCode: ExitCode
	/** The proxy is to be started now. */
	start: boolean
}

/** From nothing to a working proxy. All questions come first: whoever leaves one has changed nothing. */
export async function runFirst(context: WizardContext, found: FoundEnvironment): Promise<FirstRunEnd> {
	const { ask, texts } = context
	ask.begin(`claude-proxy ${packageJson.version}`)
	const {
		database: d,
		accessKey: a,
		upstream: u,
		keys: k,
		test: t,
		models: m,
		client: c,
		write: w,
	} = texts.steps
	context.steps.push(d, a, u, k, t, m, c, w)
	const plan = await askAll(context, found)
	const ended = await undisturbed(context, () => carryOut(context, found, plan))
	if (ended !== exitCodes.ok) return { exitCode: ended, start: false }
	const { program } = context.io
	const start = program.startsWith('npm') ? 'npm start' : `${program} serve`
	const next = [texts.finish.next(`${program} status`), texts.finish.claude]
	ask.end(plan.start ? next.join('\n   ') : [texts.finish.ready(start), ...next].join('\n   '))
	return { exitCode: exitCodes.ok, start: plan.start }
}

async function askAll(context: WizardContext, found: FoundEnvironment): Promise<Plan> {
	const { ask, texts, environment } = context
	const database = await askDatabase(context, found)
	finishStep(context, texts.steps.database)
	const accessKey = await askAccessKey(context, found)
	finishStep(context, texts.steps.accessKey)
	const upstream = await gatherUpstream(context)
	const client = await planClient(context, {
		baseUrl: toAddress(environment.HOST, environment.PORT),
		accessKey: accessKey?.key ?? environment.PROXY_ACCESS_KEY ?? '',
	})
	finishStep(context, texts.steps.client)
	const start = await ask.select(texts.finish.start, [
		{ value: true, label: texts.finish.startNow },
		{ value: false, label: texts.finish.writeOnly },
	])
	return { database, accessKey, upstream, client, start }
}

function askDatabase(
	context: WizardContext,
	{ namesDatabase, home, environment }: FoundEnvironment,
): Promise<DatabaseChoice | undefined> {
	const { ask, texts, known } = context
	const path = home.databaseUrl.replace(/^file:/, '')
	if (!namesDatabase && known === undefined) return chooseDatabase(context, path)
	const shown = namesDatabase ? environment.TURSO_DATABASE_URL : path
	ask.told(`${texts.database.title}  ${shown}`, '')
	return Promise.resolve(undefined)
}

function askAccessKey(
	context: WizardContext,
	{ missing, path }: FoundEnvironment,
): Promise<AccessKeyChoice | undefined> {
	const { ask, texts } = context
	if (missing.includes('PROXY_ACCESS_KEY')) return chooseAccessKey(context)
	const place = process.env.PROXY_ACCESS_KEY ? 'PROXY_ACCESS_KEY' : relative(process.cwd(), path)
	ask.told(`${texts.accessKey.title}  ${texts.accessKey.present(place)}`, '')
	return Promise.resolve(undefined)
}

async function carryOut(
	context: WizardContext,
	found: FoundEnvironment,
	{ database, accessKey, upstream, client }: Plan,
): Promise<ExitCode> {
	const { ask, texts } = context
	await addVariables(found.home.directory, {
		...(accessKey && { PROXY_ACCESS_KEY: () => accessKey.key }),
		...(found.missing.includes('ENCRYPTION_KEY') && {
			ENCRYPTION_KEY: () => generateSecret('ENCRYPTION_KEY'),
		}),
		...(database && { TURSO_DATABASE_URL: () => database.url }),
		...(database?.token && { TURSO_AUTH_TOKEN: () => database.token }),
	})
	if (database) {
		const migrated = await runQuietly(context, ['db', 'migrate'], { told: texts.commands?.migrated })
		if (migrated !== exitCodes.ok) return migrated
	}
	const { name, keys: secrets } = upstream
	const told = texts.commands?.added(name)
	const added = await runQuietly(context, toAddCommand(upstream), { secrets, told })
	if (added !== exitCodes.ok) return added
	if (client) await writeClient(context, client)
	if (accessKey?.generated) ask.note(texts.accessKey.shown, accessKey.key)
	return exitCodes.ok
}
