CREATE TABLE `webhook_incidents` (
	`event` text NOT NULL,
	`subject` text NOT NULL,
	`at` integer NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`event`, `subject`)
);
--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	`shown` text NOT NULL,
	`events` text NOT NULL,
	`enabled` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`last_at` integer DEFAULT 0 NOT NULL,
	`last_status` integer DEFAULT 0 NOT NULL,
	`last_error` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE `upstreams` ADD `key_concurrent` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `upstreams` ADD `first_content_ms` integer DEFAULT 0 NOT NULL;