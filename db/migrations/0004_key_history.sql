ALTER TABLE `key_events` ADD `author` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `key_events` ADD `from_position` integer;--> statement-breakpoint
ALTER TABLE `key_states` ADD `cleared_at` integer DEFAULT 0 NOT NULL;