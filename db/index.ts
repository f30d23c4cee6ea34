/** The database layer's public surface: other folders import from here only. */
export { checkDatabase, quickCheck, readDatabaseSize } from './check.ts'
export { type Database, type DatabaseOptions, openDatabase } from './client.ts'
export { compactDatabase } from './compact.ts'
export { DatabaseError, type DatabaseErrorCode, isDatabaseError, isOutage, NoSnapshot } from './errors.ts'
export { type Locking, readLocking, setWriteAheadLog } from './locking.ts'
export { type MigrationResult, migrateDatabase, readSchemaVersion } from './migrate.ts'
export { type NewestTime, readNewestTime } from './newest-time.ts'
export type { Change, FieldChange } from './repositories/changes.ts'
export type { Author } from './repositories/commit-revision.ts'
export { ConfigConflict, type ConflictDetails } from './repositories/config-conflict.ts'
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
export type { ClearedCooldown, KeyEvent } from './repositories/key-events.ts'
export type { Promoted } from './repositories/key-promotion.ts'
export type { StoredFact } from './repositories/learned-facts.ts'
export {
	type Attempt,
	beginAttempt,
	everyone,
	forgiveAttempt,
	listLoginFailures,
} from './repositories/login-attempts.ts'
export { type AttemptState, addressRule, countAttempt, globalRule } from './repositories/login-rule.ts'
export { listNames, type NamedUpstream } from './repositories/names.ts'
export type { Traffic, UpstreamTraffic } from './repositories/overview.ts'
export type { AddedKeys } from './repositories/plans/key-plans.ts'
export type { PurgedPlace } from './repositories/purge.ts'
export { type RateGrant, type RateRequest, takeFromWindow } from './repositories/rate-window.ts'
export {
	createRequestLog,
	type RequestLog,
	type RequestLogOptions,
} from './repositories/request-log.ts'
export {
	clearRequests,
	findRequest,
	findRequests,
	followRequests,
	type ListOptions,
	type LoggedRequest,
	listRequests,
	type RequestPage,
	readPosition,
} from './repositories/requests.ts'
export type { Purged, Restored } from './repositories/revision-history.ts'
export {
	MAX_PINNED,
	type Revision,
	type RevisionConfig,
	type RevisionKey,
	type RevisionPage,
	type RevisionRef,
	type RevisionUpstream,
} from './repositories/revisions.ts'
export { type AdminSession, createSessions, type Sessions } from './repositories/sessions.ts'
export { readPulse, type UpstreamPulse } from './repositories/upstream-pulse.ts'
export {
	readPriceOverrides,
	readUsage,
	readUsageByKey,
	readUsageByUpstream,
	type UsageFilters,
	type UsageReading,
} from './repositories/usage.ts'
export {
	createWebhooks,
	type WebhookStore,
	type WebhookTarget,
	type WebhookView,
} from './repositories/webhooks.ts'
export { createKeyRing, type KeyRing } from './secrets/key-ring.ts'
export { generateEncryptionKey, joinRing, listRingIds } from './secrets/ring-text.ts'
export {
	type LostKey,
	type RotationOptions,
	type RotationReport,
	rotateKeys,
} from './secrets/rotate-keys.ts'
export type { Row, SqlValue, Statement } from './sql.ts'
export {
	type ConfigStore,
	type ConfigStoreOptions,
	type ConfigStoreStatus,
	createConfigStore,
} from './store/config-store.ts'
export {
	createPayloadLog,
	openPayloads,
	type PayloadLog,
	type PayloadLogOptions,
} from './store/payload-log.ts'
export type { StoreClock } from './store/system-clock.ts'
export { createTokenRates, type TokenRateStore, type TokenRateStoreOptions } from './store/token-rates.ts'
export type { WriteBehindStats } from './store/write-behind.ts'
export type { ExportOptions, ExportResult } from './transfer/export-config.ts'
export type { ImportOptions, ImportResult } from './transfer/import-config.ts'
export { ImportRefused, isImportRefused } from './transfer/import-refused.ts'
export type { JudgedKey } from './transfer/judge-keys.ts'
export type { ImportMode } from './transfer/match-upstreams.ts'
export type { ImportReview, ReviewedUpstream } from './transfer/review.ts'
