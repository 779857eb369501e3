// Facts about recordings of a vibration fibre: who recorded what, and who removed one.
export interface RecordingFactMap {
  "recording.made": {
    readonly zone: string;
    readonly recording: string;
    readonly label: string;
    readonly seconds: number;
    readonly user: string;
  };
  "recording.removed": { readonly zone: string; readonly recording: string; readonly user: string };
}
