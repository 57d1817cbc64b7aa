import { failTestsOnReports } from './reports.ts';

failTestsOnReports();
