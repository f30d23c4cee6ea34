CREATE TABLE `token_rates` (
	`upstream_id` text NOT NULL,
	`model` text NOT NULL,
	`factor` real NOT NULL,
	`samples` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`upstream_id`, `model`),
	FOREIGN KEY (`upstream_id`) REFERENCES `upstreams`(`id`) ON UPDATE no action ON DELETE cascade
);
