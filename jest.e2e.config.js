/** The way of a user: the editor in a real browser, workflows to import, and the versions of n8n, two files at a time. */
const { collectCoverage, coverageThreshold, ...config } = require('./jest.config.js');

module.exports = {
	...config,
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	globalSetup: '<rootDir>/test/e2e/n8n/installAll.ts',
	maxWorkers: 2,
	testTimeout: 600_000,
};
