/** The database layer's public surface: other folders import from here only. */
export { quickCheck } from './check.ts'
export { type Database, type DatabaseOptions, openDatabase } from './client.ts'
export { DatabaseError, type DatabaseErrorCode, isDatabaseError, NoSnapshot } from './errors.ts'
export { type MigrationResult, migrateDatabase, readSchemaVersion } from './migrate.ts'
export type { Change, FieldChange } from './repositories/changes.ts'
export type { Author } from './repositories/commit-revision.ts'
export {
	type Changed,
	type ChangeMeta,
	type Config,
	type ConfigKey,
	type ConfigRepository,
	type ConfigUpstream,
	createConfigRepository,
	type KeyState,
} from './repositories/config-repository.ts'
export { initializeStrategy } from './repositories/initial-settings.ts'
export type { StoredFact } from './repositories/learned-facts.ts'
export type { AddedKeys } from './repositories/plans.ts'
export { countInWindow, type RateWindow } from './repositories/rate-window.ts'
export {
	createRequestLog,
	listRequests,
	type RequestLog,
	type RequestLogOptions,
} from './repositories/request-log.ts'
export type { Revision } from './repositories/revisions.ts'
export { createKeyRing, type KeyRing } from './secrets/key-ring.ts'
export { generateEncryptionKey } from './secrets/ring-text.ts'
export type { Row, SqlValue, Statement } from './sql.ts'
export {
	type ConfigStore,
	type ConfigStoreOptions,
	type ConfigStoreStatus,
	createConfigStore,
} from './store/config-store.ts'
export type { StoreClock } from './store/system-clock.ts'
export { createTokenRates, type TokenRateStore, type TokenRateStoreOptions } from './store/token-rates.ts'
export type { WriteBehindStats } from './store/write-behind.ts'
