import { PolicyPack } from "@pulumi/policy";

new PolicyPack("greetings", {
  policies: [
    {
      name: "friendly",
      description: "Greetings are friendly.",
      enforcementLevel: "mandatory",
      validateResource({ type, name }, report) {
        if (type === "test:index:Greeting" && name === "grr") report(`${name} is not friendly`);
      },
    },
    {
      name: "few",
      description: "Greetings are few.",
      enforcementLevel: "advisory",
      validateStack({ resources }, report) {
        report(
          resources
            .map(({ name }) => name)
            .sort()
            .join(", "),
        );
      },
    },
  ],
});
