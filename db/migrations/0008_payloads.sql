CREATE TABLE `payloads` (
	`request_id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`bytes` integer NOT NULL,
	`sealed` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payloads_at` ON `payloads` (`at`,`bytes`);