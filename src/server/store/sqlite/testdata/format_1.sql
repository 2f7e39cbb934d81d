-- A backend's file of format 1 as sqlite3's .dump gives it, written by the Holdfast of 2026-11-22 before format 2; never changed.
-- Of Note, "old" is trimmed below version 18, "new" is whole, "gone" a tombstone, "back" stands on one.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE records(
  model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, last_changed_at INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL, sequence INTEGER NOT NULL, first_sequence INTEGER NOT NULL, image TEXT NOT NULL) STRICT;
INSERT INTO records VALUES('Note','["old"]',21,1700003780000,0,63,1,'{"id":"old","text":"old21"}');
INSERT INTO records VALUES('Note','["gone"]',2,1700002760000,1,46,21,'{"id":"gone","text":"gone2"}');
INSERT INTO records VALUES('Other','["old"]',2,1700003120000,0,52,22,'{"id":"old","text":"old2"}');
INSERT INTO records VALUES('Note','["new"]',35,1700003720000,0,62,23,'{"id":"new","text":"new35"}');
INSERT INTO records VALUES('Note','["back"]',3,1700002160000,0,36,30,'{"id":"back","text":"back3"}');
CREATE TABLE changes(
  sequence INTEGER PRIMARY KEY, model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
  last_changed_at INTEGER NOT NULL, is_deleted INTEGER NOT NULL, mutation_id TEXT, image TEXT NOT NULL) STRICT;
INSERT INTO changes VALUES(18,'Note','["old"]',18,1700001080000,0,'device:18','{"id":"old","text":"old18"}');
INSERT INTO changes VALUES(19,'Note','["old"]',19,1700001140000,0,NULL,'{"id":"old","text":"old19"}');
INSERT INTO changes VALUES(20,'Note','["old"]',20,1700001200000,0,NULL,'{"id":"old","text":"old20"}');
INSERT INTO changes VALUES(21,'Note','["gone"]',1,1700001260000,0,NULL,'{"id":"gone","text":"gone1"}');
INSERT INTO changes VALUES(22,'Other','["old"]',1,1700001320000,0,NULL,'{"id":"old","text":"old1"}');
INSERT INTO changes VALUES(23,'Note','["new"]',1,1700001380000,0,NULL,'{"id":"new","text":"new1"}');
INSERT INTO changes VALUES(24,'Note','["new"]',2,1700001440000,0,NULL,'{"id":"new","text":"new2"}');
INSERT INTO changes VALUES(25,'Note','["new"]',3,1700001500000,0,'other:3','{"id":"new","text":"new3"}');
INSERT INTO changes VALUES(26,'Note','["new"]',4,1700001560000,0,NULL,'{"id":"new","text":"new4"}');
INSERT INTO changes VALUES(27,'Note','["new"]',5,1700001620000,0,NULL,'{"id":"new","text":"new5"}');
INSERT INTO changes VALUES(28,'Note','["new"]',6,1700001680000,0,'other:6','{"id":"new","text":"new6"}');
INSERT INTO changes VALUES(29,'Note','["new"]',7,1700001740000,0,NULL,'{"id":"new","text":"new7"}');
INSERT INTO changes VALUES(30,'Note','["back"]',1,1700001800000,0,NULL,'{"id":"back","text":"back1"}');
INSERT INTO changes VALUES(31,'Note','["new"]',8,1700001860000,0,NULL,'{"id":"new","text":"new8"}');
INSERT INTO changes VALUES(32,'Note','["new"]',9,1700001920000,0,'other:9','{"id":"new","text":"new9"}');
INSERT INTO changes VALUES(33,'Note','["back"]',2,1700001980000,1,NULL,'{"id":"back","text":"back2"}');
INSERT INTO changes VALUES(34,'Note','["new"]',10,1700002040000,0,NULL,'{"id":"new","text":"new10"}');
INSERT INTO changes VALUES(35,'Note','["new"]',11,1700002100000,0,NULL,'{"id":"new","text":"new11"}');
INSERT INTO changes VALUES(36,'Note','["back"]',3,1700002160000,0,NULL,'{"id":"back","text":"back3"}');
INSERT INTO changes VALUES(37,'Note','["new"]',12,1700002220000,0,'other:12','{"id":"new","text":"new12"}');
INSERT INTO changes VALUES(38,'Note','["new"]',13,1700002280000,0,NULL,'{"id":"new","text":"new13"}');
INSERT INTO changes VALUES(39,'Note','["new"]',14,1700002340000,0,NULL,'{"id":"new","text":"new14"}');
INSERT INTO changes VALUES(40,'Note','["new"]',15,1700002400000,0,'other:15','{"id":"new","text":"new15"}');
INSERT INTO changes VALUES(41,'Note','["new"]',16,1700002460000,0,NULL,'{"id":"new","text":"new16"}');
INSERT INTO changes VALUES(42,'Note','["new"]',17,1700002520000,0,NULL,'{"id":"new","text":"new17"}');
INSERT INTO changes VALUES(43,'Note','["new"]',18,1700002580000,0,'other:18','{"id":"new","text":"new18"}');
INSERT INTO changes VALUES(44,'Note','["new"]',19,1700002640000,0,NULL,'{"id":"new","text":"new19"}');
INSERT INTO changes VALUES(45,'Note','["new"]',20,1700002700000,0,NULL,'{"id":"new","text":"new20"}');
INSERT INTO changes VALUES(46,'Note','["gone"]',2,1700002760000,1,'device:21','{"id":"gone","text":"gone2"}');
INSERT INTO changes VALUES(47,'Note','["new"]',21,1700002820000,0,'other:21','{"id":"new","text":"new21"}');
INSERT INTO changes VALUES(48,'Note','["new"]',22,1700002880000,0,NULL,'{"id":"new","text":"new22"}');
INSERT INTO changes VALUES(49,'Note','["new"]',23,1700002940000,0,NULL,'{"id":"new","text":"new23"}');
INSERT INTO changes VALUES(50,'Note','["new"]',24,1700003000000,0,'other:24','{"id":"new","text":"new24"}');
INSERT INTO changes VALUES(51,'Note','["new"]',25,1700003060000,0,NULL,'{"id":"new","text":"new25"}');
INSERT INTO changes VALUES(52,'Other','["old"]',2,1700003120000,0,NULL,'{"id":"old","text":"old2"}');
INSERT INTO changes VALUES(53,'Note','["new"]',26,1700003180000,0,NULL,'{"id":"new","text":"new26"}');
INSERT INTO changes VALUES(54,'Note','["new"]',27,1700003240000,0,'other:27','{"id":"new","text":"new27"}');
INSERT INTO changes VALUES(55,'Note','["new"]',28,1700003300000,0,NULL,'{"id":"new","text":"new28"}');
INSERT INTO changes VALUES(56,'Note','["new"]',29,1700003360000,0,NULL,'{"id":"new","text":"new29"}');
INSERT INTO changes VALUES(57,'Note','["new"]',30,1700003420000,0,'other:30','{"id":"new","text":"new30"}');
INSERT INTO changes VALUES(58,'Note','["new"]',31,1700003480000,0,NULL,'{"id":"new","text":"new31"}');
INSERT INTO changes VALUES(59,'Note','["new"]',32,1700003540000,0,NULL,'{"id":"new","text":"new32"}');
INSERT INTO changes VALUES(60,'Note','["new"]',33,1700003600000,0,'other:33','{"id":"new","text":"new33"}');
INSERT INTO changes VALUES(61,'Note','["new"]',34,1700003660000,0,NULL,'{"id":"new","text":"new34"}');
INSERT INTO changes VALUES(62,'Note','["new"]',35,1700003720000,0,NULL,'{"id":"new","text":"new35"}');
INSERT INTO changes VALUES(63,'Note','["old"]',21,1700003780000,0,NULL,'{"id":"old","text":"old21"}');
CREATE TABLE settings(name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('store.fields','{"Note":["id","text"],"Other":["id","text"]}');
INSERT INTO settings VALUES('store.horizon','1700003760000');
INSERT INTO settings VALUES('store.trimmed','{"Note":18}');
CREATE TABLE conflicts(
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL,
  operation TEXT NOT NULL, strategy TEXT NOT NULL, function TEXT NOT NULL, outcome TEXT NOT NULL,
  message TEXT NOT NULL, caller TEXT NOT NULL, client_version INTEGER NOT NULL, stored_version INTEGER NOT NULL,
  result_version INTEGER NOT NULL, base TEXT NOT NULL, incoming TEXT NOT NULL, stored TEXT NOT NULL,
  result TEXT NOT NULL) STRICT;
INSERT INTO conflicts VALUES(1,1700003780000,'Note','["new"]','update','automerge','','merged','','apiKey',33,34,35,'null','null','null','null');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('conflicts',1);
CREATE UNIQUE INDEX records_by_key ON records(model, key);
CREATE UNIQUE INDEX records_by_first ON records(model, first_sequence);
CREATE UNIQUE INDEX records_by_change ON records(model, last_changed_at);
CREATE UNIQUE INDEX changes_by_version ON changes(model, key, version);
CREATE UNIQUE INDEX changes_by_mutation ON changes(mutation_id) WHERE mutation_id IS NOT NULL;
CREATE INDEX records_by_deletion ON records(model, last_changed_at) WHERE is_deleted = 1;
PRAGMA application_id=1212564051;
PRAGMA user_version=1;
COMMIT;
