// Which topic belongs to which device: the access list of the broker in the box and the subscriptions of the driver.
import type { MqttDriverConfig } from "../../model/wiring.js";
import type { BusTopics } from "./bus.js";

/** A device publishes its inputs, its confirmations and its sign of life, and receives only its own orders. */
export function topicsOf(config: MqttDriverConfig): BusTopics {
  const published = new Map(
    config.devices.map(({ id, aliveTopic, willTopic }) => [id, new Set([aliveTopic, willTopic ?? aliveTopic])]),
  );
  const received = new Map(config.devices.map((device) => [device.id, new Set<string>()]));
  for (const point of config.points) {
    const said = point.direction === "in" ? point.topic : point.confirmTopic;
    if (said !== undefined) published.get(point.device)?.add(said);
    if (point.direction === "out") received.get(point.device)?.add(point.topic);
  }
  const heard = [...new Set([...published.values()].flatMap((topics) => [...topics]))];
  return { heard, published, received };
}
