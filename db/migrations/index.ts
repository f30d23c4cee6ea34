// Packed from the .sql files of this folder by scripts/pack-migrations.ts: edit the schema, then run npm run db:generate.
export interface Migration {
	version: number
	name: string
	statements: readonly string[]
}

export const migrations: readonly Migration[] = [
	{
		version: 1,
		name: 'initial',
		statements: [
			'CREATE TABLE `access_keys` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`name` text NOT NULL,\n\t`hash` text NOT NULL,\n\t`mask` text NOT NULL,\n\t`enabled` integer DEFAULT 1 NOT NULL,\n\t`created_at` integer NOT NULL,\n\t`expires_at` integer,\n\t`last_used_at` integer\n);',
			'CREATE UNIQUE INDEX `access_keys_hash` ON `access_keys` (`hash`);',
			"CREATE TABLE `admin_sessions` (\n\t`token_hash` text PRIMARY KEY NOT NULL,\n\t`created_at` integer NOT NULL,\n\t`expires_at` integer NOT NULL,\n\t`last_seen_at` integer NOT NULL,\n\t`user_agent` text DEFAULT '' NOT NULL\n);",
			'CREATE INDEX `admin_sessions_expires_at` ON `admin_sessions` (`expires_at`);',
			'CREATE TABLE `meta` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`revision` integer DEFAULT 0 NOT NULL,\n\t`state_version` integer DEFAULT 0 NOT NULL\n);',
			'CREATE TABLE `revisions` (\n\t`revision` integer PRIMARY KEY NOT NULL,\n\t`parent` integer NOT NULL,\n\t`at` integer NOT NULL,\n\t`author` text NOT NULL,\n\t`message` text NOT NULL,\n\t`edit_id` text NOT NULL,\n\t`restored_from` integer,\n\t`pinned` integer DEFAULT 0 NOT NULL,\n\t`diff` text NOT NULL,\n\t`snapshot` text NOT NULL\n);',
			'CREATE UNIQUE INDEX `revisions_edit_id` ON `revisions` (`edit_id`);',
			'CREATE TABLE `settings` (\n\t`key` text PRIMARY KEY NOT NULL,\n\t`value` text NOT NULL\n);',
			'CREATE TABLE `upstream_keys` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`upstream_id` text NOT NULL,\n\t`secret` text NOT NULL,\n\t`fingerprint` text NOT NULL,\n\t`mask` text NOT NULL,\n\t`enabled` integer DEFAULT 1 NOT NULL,\n\t`position` integer NOT NULL,\n\t`created_at` integer NOT NULL,\n\tFOREIGN KEY (`upstream_id`) REFERENCES `upstreams`(`id`) ON UPDATE no action ON DELETE cascade\n);',
			'CREATE INDEX `upstream_keys_order` ON `upstream_keys` (`upstream_id`,`position`);',
			'CREATE UNIQUE INDEX `upstream_keys_once` ON `upstream_keys` (`upstream_id`,`fingerprint`);',
			"CREATE TABLE `upstreams` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`name` text NOT NULL,\n\t`name_key` text NOT NULL,\n\t`type` text NOT NULL,\n\t`base_url` text NOT NULL,\n\t`description` text DEFAULT '' NOT NULL,\n\t`website` text DEFAULT '' NOT NULL,\n\t`insecure_skip_verify` integer DEFAULT 0 NOT NULL,\n\t`model_map` text DEFAULT '{}' NOT NULL,\n\t`extra_headers` text DEFAULT '{}' NOT NULL,\n\t`proxy_url` text DEFAULT '' NOT NULL,\n\t`auth_style` text DEFAULT 'auto' NOT NULL,\n\t`timeout_ms` integer DEFAULT 0 NOT NULL,\n\t`max_concurrent` integer DEFAULT 0 NOT NULL,\n\t`enabled` integer DEFAULT 1 NOT NULL,\n\t`position` integer NOT NULL,\n\t`created_at` integer NOT NULL\n);",
			'CREATE UNIQUE INDEX `upstreams_name_key` ON `upstreams` (`name_key`);',
			"CREATE TABLE `requests` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`at` integer NOT NULL,\n\t`upstream_id` text,\n\t`upstream_name` text,\n\t`key_id` text,\n\t`key_mask` text,\n\t`access_key_id` text,\n\t`model` text NOT NULL,\n\t`upstream_model` text NOT NULL,\n\t`stream` integer NOT NULL,\n\t`status` integer NOT NULL,\n\t`outcome` text NOT NULL,\n\t`error_message` text DEFAULT '' NOT NULL,\n\t`stop_reason` text,\n\t`input_tokens` integer,\n\t`output_tokens` integer,\n\t`cache_read_tokens` integer,\n\t`cache_write_tokens` integer,\n\t`reasoning_tokens` integer,\n\t`web_searches` integer,\n\t`first_content_ms` integer,\n\t`total_ms` integer NOT NULL,\n\t`attempt_count` integer NOT NULL,\n\t`attempts` text DEFAULT '[]' NOT NULL,\n\t`notes` text DEFAULT '[]' NOT NULL,\n\t`user_agent` text DEFAULT '' NOT NULL,\n\t`session_id` text DEFAULT '' NOT NULL\n);",
			'CREATE INDEX `requests_at` ON `requests` (`at`);',
			'CREATE TABLE `usage_hourly` (\n\t`hour` integer NOT NULL,\n\t`upstream_id` text NOT NULL,\n\t`key_id` text NOT NULL,\n\t`model` text NOT NULL,\n\t`requests` integer DEFAULT 0 NOT NULL,\n\t`errors` integer DEFAULT 0 NOT NULL,\n\t`cancelled` integer DEFAULT 0 NOT NULL,\n\t`input_tokens` integer DEFAULT 0 NOT NULL,\n\t`output_tokens` integer DEFAULT 0 NOT NULL,\n\t`cache_read_tokens` integer DEFAULT 0 NOT NULL,\n\t`cache_write_tokens` integer DEFAULT 0 NOT NULL,\n\t`reasoning_tokens` integer DEFAULT 0 NOT NULL,\n\t`total_ms` integer DEFAULT 0 NOT NULL,\n\tPRIMARY KEY(`hour`, `upstream_id`, `key_id`, `model`)\n);',
			'CREATE TABLE `counters` (\n\t`name` text PRIMARY KEY NOT NULL,\n\t`value` integer DEFAULT 0 NOT NULL\n);',
			'CREATE TABLE `flushes` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`at` integer NOT NULL\n);',
			'CREATE INDEX `flushes_at` ON `flushes` (`at`);',
			"CREATE TABLE `key_events` (\n\t`key_id` text NOT NULL,\n\t`at` integer NOT NULL,\n\t`kind` text NOT NULL,\n\t`scope` text DEFAULT '' NOT NULL,\n\t`count` integer DEFAULT 1 NOT NULL,\n\t`class` text DEFAULT '' NOT NULL,\n\t`status` integer DEFAULT 0 NOT NULL,\n\t`message` text DEFAULT '' NOT NULL,\n\t`cooldown_until` integer DEFAULT 0 NOT NULL,\n\tPRIMARY KEY(`key_id`, `at`, `kind`, `scope`),\n\tFOREIGN KEY (`key_id`) REFERENCES `upstream_keys`(`id`) ON UPDATE no action ON DELETE cascade\n);",
			"CREATE TABLE `key_states` (\n\t`key_id` text NOT NULL,\n\t`scope` text DEFAULT '' NOT NULL,\n\t`cooldown_until` integer DEFAULT 0 NOT NULL,\n\t`streak` integer DEFAULT 0 NOT NULL,\n\t`fail_total` integer DEFAULT 0 NOT NULL,\n\t`incident_at` integer DEFAULT 0 NOT NULL,\n\t`last_fail_at` integer DEFAULT 0 NOT NULL,\n\t`last_ok_at` integer DEFAULT 0 NOT NULL,\n\t`last_error` text DEFAULT '' NOT NULL,\n\t`last_status` integer DEFAULT 0 NOT NULL,\n\t`last_class` text DEFAULT '' NOT NULL,\n\t`probe_until` integer DEFAULT 0 NOT NULL,\n\tPRIMARY KEY(`key_id`, `scope`),\n\tFOREIGN KEY (`key_id`) REFERENCES `upstream_keys`(`id`) ON UPDATE no action ON DELETE cascade\n);",
			'CREATE TABLE `rate_windows` (\n\t`bucket` text NOT NULL,\n\t`window` integer NOT NULL,\n\t`count` integer DEFAULT 0 NOT NULL,\n\tPRIMARY KEY(`bucket`, `window`)\n);',
			'CREATE INDEX `rate_windows_window` ON `rate_windows` (`window`);',
		],
	},
	{
		version: 2,
		name: 'meta_row',
		statements: [
			'INSERT INTO `meta` (`id`, `revision`, `state_version`) VALUES (1, 0, 0) ON CONFLICT (`id`) DO NOTHING;',
		],
	},
	{
		version: 3,
		name: 'learned_facts',
		statements: [
			"CREATE TABLE `learned_facts` (\n\t`upstream_id` text NOT NULL,\n\t`model` text NOT NULL,\n\t`kind` text NOT NULL,\n\t`detail` text DEFAULT '' NOT NULL,\n\t`fact` text NOT NULL,\n\t`learned_at` integer NOT NULL,\n\t`expires_at` integer NOT NULL,\n\tPRIMARY KEY(`upstream_id`, `model`, `kind`, `detail`),\n\tFOREIGN KEY (`upstream_id`) REFERENCES `upstreams`(`id`) ON UPDATE no action ON DELETE cascade\n);",
			'CREATE INDEX `learned_facts_expires_at` ON `learned_facts` (`expires_at`);',
		],
	},
	{
		version: 4,
		name: 'token_rates',
		statements: [
			'CREATE TABLE `token_rates` (\n\t`upstream_id` text NOT NULL,\n\t`model` text NOT NULL,\n\t`factor` real NOT NULL,\n\t`samples` integer NOT NULL,\n\t`updated_at` integer NOT NULL,\n\tPRIMARY KEY(`upstream_id`, `model`),\n\tFOREIGN KEY (`upstream_id`) REFERENCES `upstreams`(`id`) ON UPDATE no action ON DELETE cascade\n);',
		],
	},
	{
		version: 5,
		name: 'key_history',
		statements: [
			"ALTER TABLE `key_events` ADD `author` text DEFAULT '' NOT NULL;",
			'ALTER TABLE `key_events` ADD `from_position` integer;',
			'ALTER TABLE `key_states` ADD `cleared_at` integer DEFAULT 0 NOT NULL;',
		],
	},
	{
		version: 6,
		name: 'admin_access',
		statements: [
			'CREATE TABLE `login_attempts` (\n\t`subject` text PRIMARY KEY NOT NULL,\n\t`failures` integer NOT NULL,\n\t`blocked_until` integer NOT NULL,\n\t`at` integer NOT NULL\n);',
			"ALTER TABLE `admin_sessions` ADD `id` text DEFAULT '' NOT NULL;",
			"ALTER TABLE `admin_sessions` ADD `key_print` text DEFAULT '' NOT NULL;",
		],
	},
	{
		version: 7,
		name: 'requests_by_key',
		statements: ['CREATE INDEX `requests_key` ON `requests` (`key_id`,`at`);'],
	},
	{
		version: 8,
		name: 'webhooks_and_limits',
		statements: [
			'CREATE TABLE `webhook_incidents` (\n\t`event` text NOT NULL,\n\t`subject` text NOT NULL,\n\t`at` integer NOT NULL,\n\t`until` integer NOT NULL,\n\tPRIMARY KEY(`event`, `subject`)\n);',
			"CREATE TABLE `webhooks` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`name` text NOT NULL,\n\t`sealed` text NOT NULL,\n\t`shown` text NOT NULL,\n\t`events` text NOT NULL,\n\t`enabled` integer DEFAULT 1 NOT NULL,\n\t`created_at` integer NOT NULL,\n\t`last_at` integer DEFAULT 0 NOT NULL,\n\t`last_status` integer DEFAULT 0 NOT NULL,\n\t`last_error` text DEFAULT '' NOT NULL\n);",
			'ALTER TABLE `upstreams` ADD `key_concurrent` integer DEFAULT 0 NOT NULL;',
			'ALTER TABLE `upstreams` ADD `first_content_ms` integer DEFAULT 0 NOT NULL;',
		],
	},
	{
		version: 9,
		name: 'payloads',
		statements: [
			'CREATE TABLE `payloads` (\n\t`request_id` text PRIMARY KEY NOT NULL,\n\t`at` integer NOT NULL,\n\t`bytes` integer NOT NULL,\n\t`sealed` text NOT NULL\n);',
			'CREATE INDEX `payloads_at` ON `payloads` (`at`,`bytes`);',
		],
	},
	{
		version: 10,
		name: 'request_log',
		statements: [
			'CREATE TABLE `request_log` (\n\t`seq` integer PRIMARY KEY NOT NULL,\n\t`id` text NOT NULL,\n\t`at` integer NOT NULL,\n\t`upstream_id` text,\n\t`key_id` text,\n\t`model` text NOT NULL,\n\t`upstream_model` text NOT NULL,\n\t`outcome` text NOT NULL,\n\t`status` integer NOT NULL,\n\t`stream` integer NOT NULL,\n\t`total_ms` integer NOT NULL,\n\t`attempts` integer NOT NULL,\n\t`notes` integer NOT NULL,\n\t`details` text NOT NULL\n);',
			'CREATE UNIQUE INDEX `request_log_id` ON `request_log` (`id`);',
			'CREATE INDEX `request_log_at` ON `request_log` (`at`);',
			'CREATE INDEX `request_log_key` ON `request_log` (`key_id`,`at`);',
			'CREATE TABLE `usage` (\n\t`grain` integer NOT NULL,\n\t`start` integer NOT NULL,\n\t`upstream_id` text NOT NULL,\n\t`key_id` text NOT NULL,\n\t`model` text NOT NULL,\n\t`upstream_model` text NOT NULL,\n\t`access_key_id` text NOT NULL,\n\t`upstream_name` text NOT NULL,\n\t`key_mask` text NOT NULL,\n\t`requests` integer NOT NULL,\n\t`failed` integer NOT NULL,\n\t`cancelled` integer NOT NULL,\n\t`input_tokens` integer NOT NULL,\n\t`output_tokens` integer NOT NULL,\n\t`cache_read_tokens` integer NOT NULL,\n\t`cache_write_tokens` integer NOT NULL,\n\t`reasoning_tokens` integer NOT NULL,\n\t`errors` text NOT NULL,\n\t`first_content` text NOT NULL,\n\t`total` text NOT NULL,\n\tPRIMARY KEY(`grain`, `start`, `upstream_id`, `key_id`, `model`, `upstream_model`, `access_key_id`)\n);',
		],
	},
	{
		version: 11,
		name: 'move_request_log',
		statements: [
			"INSERT INTO request_log (id, at, upstream_id, key_id, model, upstream_model, outcome, status, stream, total_ms, attempts, notes, details)\nSELECT id, at, upstream_id, key_id, model, upstream_model, outcome, status, stream, total_ms, attempt_count, json_array_length(notes),\n\tjson_object('u', upstream_name, 'k', key_mask, 'e', error_message, 'r', stop_reason, 'f', first_content_ms,\n\t\t't', CASE WHEN input_tokens IS NULL THEN NULL ELSE json_array(input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, web_searches) END,\n\t\t'a', (SELECT json_group_array(json_object('up', value ->> 'upstreamId', 'k', value ->> 'keyId', 'km', value ->> 'keyMask', 's', value ->> 'status',\n\t\t\t'o', value ->> 'outcome', 'd', value ->> 'decision', 'e', value ->> 'message', 'm', value ->> 'ms')) FROM json_each(requests.attempts)),\n\t\t'n', json(notes), 'ua', user_agent, 's', session_id)\nFROM requests ORDER BY at;",
			"INSERT INTO `usage` SELECT grain, at - at % (grain * 60000), coalesce(upstream_id, ''), coalesce(key_id, ''), model, upstream_model, '',\n\tmax(coalesce(upstream_name, '')), max(coalesce(key_mask, '')), count(*), sum(outcome NOT IN ('ok', 'cancelled')), sum(outcome = 'cancelled'),\n\tcoalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0), coalesce(sum(reasoning_tokens), 0), '', '', ''\nFROM requests, (SELECT 60 AS grain UNION ALL SELECT 1440) GROUP BY 1, 2, 3, 4, 5, 6;",
			'DELETE FROM requests;',
			'DELETE FROM usage_hourly;',
		],
	},
]
