CREATE TABLE `request_log` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`upstream_id` text,
	`key_id` text,
	`model` text NOT NULL,
	`upstream_model` text NOT NULL,
	`outcome` text NOT NULL,
	`status` integer NOT NULL,
	`stream` integer NOT NULL,
	`total_ms` integer NOT NULL,
	`attempts` integer NOT NULL,
	`notes` integer NOT NULL,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `request_log_id` ON `request_log` (`id`);--> statement-breakpoint
CREATE INDEX `request_log_at` ON `request_log` (`at`);--> statement-breakpoint
CREATE INDEX `request_log_key` ON `request_log` (`key_id`,`at`);--> statement-breakpoint
CREATE TABLE `usage` (
	`grain` integer NOT NULL,
	`start` integer NOT NULL,
	`upstream_id` text NOT NULL,
	`key_id` text NOT NULL,
	`model` text NOT NULL,
	`upstream_model` text NOT NULL,
	`access_key_id` text NOT NULL,
	`upstream_name` text NOT NULL,
	`key_mask` text NOT NULL,
	`requests` integer NOT NULL,
	`failed` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cache_read_tokens` integer NOT NULL,
	`cache_write_tokens` integer NOT NULL,
	`reasoning_tokens` integer NOT NULL,
	`errors` text NOT NULL,
	`first_content` text NOT NULL,
	`total` text NOT NULL,
	PRIMARY KEY(`grain`, `start`, `upstream_id`, `key_id`, `model`, `upstream_model`, `access_key_id`)
);
