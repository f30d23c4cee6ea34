INSERT INTO `meta` (`id`, `revision`, `state_version`) VALUES (1, 0, 0) ON CONFLICT (`id`) DO NOTHING;
