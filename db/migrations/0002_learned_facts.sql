CREATE TABLE `learned_facts` (
	`upstream_id` text NOT NULL,
	`model` text NOT NULL,
	`kind` text NOT NULL,
	`detail` text DEFAULT '' NOT NULL,
	`fact` text NOT NULL,
	`learned_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`upstream_id`, `model`, `kind`, `detail`),
	FOREIGN KEY (`upstream_id`) REFERENCES `upstreams`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `learned_facts_expires_at` ON `learned_facts` (`expires_at`);