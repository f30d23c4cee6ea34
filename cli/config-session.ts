import type { Environment } from '../core/config/environment.ts'
import {
	type Config,
	type ConfigRepository,
	createConfigRepository,
	createKeyRing,
	type Database,
	initializeStrategy,
	type KeyRing,
	migrateDatabase,
	openDatabase,
	readSchemaVersion,
} from '../db/index.ts'
import { type ChangeTerms, explainAfter, onTerms } from './based-on.ts'
import { loadEnvironment } from './environment.ts'
import { CliError, exitCodes } from './errors.ts'

/** The configuration, open for one command. */
export interface ConfigSession {
	readonly database: Database
	readonly repository: ConfigRepository
	readonly keyRing: KeyRing
	readonly environment: Environment
	read(): Promise<Config>
	/** Whether a change was tried. Known only of changes on terms. */
	changed(): boolean
	close(): void
}

/** A file is brought up to date on the way; a server's schema is changed by `db migrate` only. */
export async function openConfigSession(
	note: (text: string) => void,
	terms: ChangeTerms = {},
): Promise<ConfigSession> {
	const { database, environment, encryptionKey } = await openConfiguredDatabase(note)
	try {
		const keyRing = createKeyRing(encryptionKey)
		if (database.location === 'file') await migrateConfigured(database, environment)
		else await refuseOldSchema(database)
		const { repository, changed, made } = onTerms(createConfigRepository(database, keyRing), terms)
		const read = () =>
			repository.read().catch(error => {
				throw explainAfter(error, made())
			})
		const close = () => database.close()
		return { database, repository, keyRing, environment, read, changed, close }
	} catch (error) {
		database.close()
		throw error
	}
}

export interface OpenDatabase {
	database: Database
	environment: Environment
	encryptionKey: string
}

export async function openConfiguredDatabase(note: (text: string) => void): Promise<OpenDatabase> {
	const { environment, generated } = await loadEnvironment()
	if (generated.length > 0) note(`made ${generated.join(' and ')} and put them into .env: keep that file`)
	const { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: authToken = '' } = environment
	const database = await openDatabase({ url, authToken })
	return { database, environment, encryptionKey: environment.ENCRYPTION_KEY }
}

/** Migrates, and gives a database that is new the strategy of LOAD_BALANCE_STRATEGY. */
export async function migrateConfigured(database: Database, environment: Environment) {
	const result = await migrateDatabase(database)
	if (result.applied > 0) await initializeStrategy(database, environment.LOAD_BALANCE_STRATEGY)
	return result
}

/** For changes beside the configuration, whose repository refuses its own. @throws CliError newer-schema */
export async function refuseNewerSchema(database: Database): Promise<void> {
	const { version, codeVersion } = await readSchemaVersion(database)
	if (version <= codeVersion) return
	throw new CliError(
		exitCodes.database,
		'newer-schema',
		`the database ${database.label} belongs to a newer claude-proxy`,
		'update claude-proxy; reading commands still work',
	)
}

async function refuseOldSchema(database: Database): Promise<void> {
	const { version, codeVersion } = await readSchemaVersion(database)
	if (version >= codeVersion) return
	throw new CliError(
		exitCodes.database,
		'not-migrated',
		`the database ${database.label} has schema ${version}, this version needs ${codeVersion}`,
		'run: npm run db:migrate',
	)
}
