/** n8n in queue mode: several processes around a real PostgreSQL and a real Redis, three such at a time: they wait more than they work. */
const { collectCoverage, coverageThreshold, ...config } = require('./jest.config.js');

module.exports = {
	...config,
	testMatch: ['<rootDir>/test/queue/**/*.test.ts'],
	globalSetup: '<rootDir>/test/e2e/n8n/installAll.ts',
	maxWorkers: 3,
	testSequencer: '<rootDir>/test/longestFirst.js',
	testTimeout: 600_000,
};
