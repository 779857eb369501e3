// What the four norms demand of the box and that is asked for now: kinds sensor (S), control (C), timing (T), posture (P) and
// diagnosis (D). Each needs a test that names it. The sentences are shortened; the norms are 001 office compounds, 002 general
// counter-terrorism rules, 003 a primary school's plan, 004 a port's early warning.

export interface Requirement {
  readonly id: string;
  /** S, C, T, P, D, several with commas; X, L, R where the issue names the row all the same. */
  readonly kind: string;
  readonly norm: string;
  readonly demand: string;
}

const row = (id: string, kind: string, norm: string, demand: string): Requirement => ({ id, kind, norm, demand });

export const requirements: readonly Requirement[] = [
  row("A-01", "X", "001 6.2.3.3", "A security grade per subsystem, with its rules in one table"),
  row("A-05", "S", "001 6.2.3.1", "Four subsystems; every zone belongs to one"),
  row("A-06", "S", "001 §5", "Eight kinds of areas"),
  row("A-07", "C", "001 6.2.2.1", "Bollards, road blockers, gates; fixed ones in the inventory"),
  row("A-08", "C", "001 6.2.2.2 c)", "An emergency exit is never locked"),
  row("A-09", "L", "001 6.2.2.2 d)", "Maintenance that falls due, cycle counters"),
  row("A-11", "D", "001 4.5", "Availability, and faults with their age"),
  row("A-12", "L", "001 4.2", "An inventory of devices with plan references and revision, in and out"),
  row("A-14", "R", "001 7.2", "Drills marked as exercise, with a timing sheet"),
  row("A-17", "S", "003 五2(3)③", "State and place of every zone for a graphic display"),
  row("A-18", "S", "003 附录四", "One-key and panic devices: always on, latched, not bypassable"),
  row("A-19", "C", "003 附录四", "Controlled doors: forced, held open"),
  row("A-20", "D", "003 五1(6)", "Walk tests, and calibration that falls due"),
  row("A-22", "P", "003 五3", "Postures normal, 3, 2, 1: by issuer, reference and operator, cumulative"),
  row("A-23", "P", "003 (1)三级", "Level 3: shorter held-open time, denser duties, guards checked off"),
  row("A-24", "P", "003 (2)二级", "Level 2: other entrances closed, each that did not close is named"),
  row("A-25", "P", "003 (3)一级", "Level 1: main entrances barred, every perimeter armed, leader named, no isolation"),
  row("A-26", "D,T", "002 三(一)1", "A fault becomes a work order, reported within 2 hours"),
  row("A-29", "S,C", "002 三(三)1", "An intrusion in the buffer zone locks both channel doors"),
  row("A-30", "C", "002 三(三)1", "Two persons to open, two operators on duty, inspection every 2 hours"),
  row("A-31", "S,T", "002 三(三)3", "Alarm within 5 s of damage to the perimeter"),
  row("A-32", "C", "002 三(三)2", "Fire releases and announces the evacuation"),
  row("A-33", "C,T", "002 三(五)3", "Closed within 30 s, confirmed by contact, failures named"),
  row("A-35", "S", "002 三(四)2", "Door contacts, infrared beams and detectors, temperature and humidity"),
  row("A-36", "D", "002 三(四)2", "Self-diagnosis opens work orders"),
  row("A-38", "D", "002 三(四)3", "Communication test every two weeks, recorded"),
  row("A-39", "C", "002 三(五)1", "Tailgating, impact rating, maintenance that falls due"),
  row("A-40", "C", "002 三(五)3", "Fire lanes stay free: in no lock group, alarm when blocked"),
  row("A-41", "P,C", "002 三(二)1", "Red: lock-down, evacuation, notification, 15 and 30 minutes"),
  row("A-42", "P", "002 三(二)2", "Orange: stricter entrances, reserve link, situation every 30 minutes"),
  row("A-47", "T,X", "002 三(六)3", "1, 3 and 5 minutes: notified, deployed, dealt with"),
  row("A-49", "C", "002 四(二)1", "On activation: unneeded ways closed, reserve power on"),
  row("A-50", "T", "002 四(二)1", "Muster within 10 or 15 minutes"),
  row("A-51", "X", "002 四(二)1", "At least two notification channels, each with its delivery"),
  row("A-52", "L", "002 四(二)3", "Progress reported every hour"),
  row("A-54", "R", "002 四(一)3", "Drills fall due and are measured"),
  row("A-56", "T", "002 五(三)1", "Overdue responses are recorded"),
  row("A-58", "L", "002 五(四)3", "False alarms are marked and counted"),
  row("A-59", "D", "002 五(一)2", "A full self-test every week, recorded"),
  row("A-81", "P", "004 4.1.5 b)", "A vehicle's rush may set off emergency operation, a pedestrian's never"),
  row("A-82", "P", "004 4.1.6", "Power loss and fire are classes of their own"),
  row("A-83", "C", "002 三(三)1", "Gas extinguishing is refused"),
  row("A-84", "S", "002 三(三)3", "Utilities: intrusion contacts, leak and level"),
  row("A-85", "S", "002 三(四)1", "A video analyser's events, linked to the camera"),
];
