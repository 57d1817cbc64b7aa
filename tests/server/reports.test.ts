import { testReports } from '../support/report-tests.ts';

testReports();
