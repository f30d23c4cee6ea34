CREATE TABLE `access_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`mask` text NOT NULL,
	`enabled` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_keys_hash` ON `access_keys` (`hash`);--> statement-breakpoint
CREATE TABLE `admin_sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `admin_sessions_expires_at` ON `admin_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `meta` (
	`id` integer PRIMARY KEY NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	`state_version` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `revisions` (
	`revision` integer PRIMARY KEY NOT NULL,
	`parent` integer NOT NULL,
	`at` integer NOT NULL,
	`author` text NOT NULL,
	`message` text NOT NULL,
	`edit_id` text NOT NULL,
	`restored_from` integer,
	`pinned` integer DEFAULT 0 NOT NULL,
	`diff` text NOT NULL,
	`snapshot` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revisions_edit_id` ON `revisions` (`edit_id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `upstream_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`upstream_id` text NOT NULL,
	`secret` text NOT NULL,
	`fingerprint` text NOT NULL,
	`mask` text NOT NULL,
	`enabled` integer DEFAULT 1 NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`upstream_id`) REFERENCES `upstreams`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `upstream_keys_order` ON `upstream_keys` (`upstream_id`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `upstream_keys_once` ON `upstream_keys` (`upstream_id`,`fingerprint`);--> statement-breakpoint
CREATE TABLE `upstreams` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`type` text NOT NULL,
	`base_url` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`website` text DEFAULT '' NOT NULL,
	`insecure_skip_verify` integer DEFAULT 0 NOT NULL,
	`model_map` text DEFAULT '{}' NOT NULL,
	`extra_headers` text DEFAULT '{}' NOT NULL,
	`proxy_url` text DEFAULT '' NOT NULL,
	`auth_style` text DEFAULT 'auto' NOT NULL,
	`timeout_ms` integer DEFAULT 0 NOT NULL,
	`max_concurrent` integer DEFAULT 0 NOT NULL,
	`enabled` integer DEFAULT 1 NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `upstreams_name_key` ON `upstreams` (`name_key`);--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`upstream_id` text,
	`upstream_name` text,
	`key_id` text,
	`key_mask` text,
	`access_key_id` text,
	`model` text NOT NULL,
	`upstream_model` text NOT NULL,
	`stream` integer NOT NULL,
	`status` integer NOT NULL,
	`outcome` text NOT NULL,
	`error_message` text DEFAULT '' NOT NULL,
	`stop_reason` text,
	`input_tokens` integer,
	`output_tokens` integer,
	`cache_read_tokens` integer,
	`cache_write_tokens` integer,
	`reasoning_tokens` integer,
	`web_searches` integer,
	`first_content_ms` integer,
	`total_ms` integer NOT NULL,
	`attempt_count` integer NOT NULL,
	`attempts` text DEFAULT '[]' NOT NULL,
	`notes` text DEFAULT '[]' NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL,
	`session_id` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `requests_at` ON `requests` (`at`);--> statement-breakpoint
CREATE TABLE `usage_hourly` (
	`hour` integer NOT NULL,
	`upstream_id` text NOT NULL,
	`key_id` text NOT NULL,
	`model` text NOT NULL,
	`requests` integer DEFAULT 0 NOT NULL,
	`errors` integer DEFAULT 0 NOT NULL,
	`cancelled` integer DEFAULT 0 NOT NULL,
	`input_tokens` integer DEFAULT 0 NOT NULL,
	`output_tokens` integer DEFAULT 0 NOT NULL,
	`cache_read_tokens` integer DEFAULT 0 NOT NULL,
	`cache_write_tokens` integer DEFAULT 0 NOT NULL,
	`reasoning_tokens` integer DEFAULT 0 NOT NULL,
	`total_ms` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`hour`, `upstream_id`, `key_id`, `model`)
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `flushes` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `flushes_at` ON `flushes` (`at`);--> statement-breakpoint
CREATE TABLE `key_events` (
	`key_id` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`scope` text DEFAULT '' NOT NULL,
	`count` integer DEFAULT 1 NOT NULL,
	`class` text DEFAULT '' NOT NULL,
	`status` integer DEFAULT 0 NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	`cooldown_until` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`key_id`, `at`, `kind`, `scope`),
	FOREIGN KEY (`key_id`) REFERENCES `upstream_keys`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `key_states` (
	`key_id` text NOT NULL,
	`scope` text DEFAULT '' NOT NULL,
	`cooldown_until` integer DEFAULT 0 NOT NULL,
	`streak` integer DEFAULT 0 NOT NULL,
	`fail_total` integer DEFAULT 0 NOT NULL,
	`incident_at` integer DEFAULT 0 NOT NULL,
	`last_fail_at` integer DEFAULT 0 NOT NULL,
	`last_ok_at` integer DEFAULT 0 NOT NULL,
	`last_error` text DEFAULT '' NOT NULL,
	`last_status` integer DEFAULT 0 NOT NULL,
	`last_class` text DEFAULT '' NOT NULL,
	`probe_until` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`key_id`, `scope`),
	FOREIGN KEY (`key_id`) REFERENCES `upstream_keys`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `rate_windows` (
	`bucket` text NOT NULL,
	`window` integer NOT NULL,
	`count` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`bucket`, `window`)
);
--> statement-breakpoint
CREATE INDEX `rate_windows_window` ON `rate_windows` (`window`);