/** n8n in queue mode: several processes around a real PostgreSQL and a real Redis. */
const { collectCoverage, coverageThreshold, ...config } = require('./jest.config.js');

module.exports = {
	...config,
	testMatch: ['<rootDir>/test/queue/**/*.test.ts'],
	globalSetup: '<rootDir>/test/e2e/n8n/installAll.ts',
	maxWorkers: 1,
	testTimeout: 600_000,
};
