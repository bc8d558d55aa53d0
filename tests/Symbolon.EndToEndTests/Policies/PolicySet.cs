namespace Symbolon.EndToEndTests.Policies;

/// <summary>The files that the generated calls meet.</summary>
internal static class PolicySet
{
    /// <summary>Who calls; a grant for each.</summary>
    public static readonly (string? User, string? Agent, string? Workflow)[] Holders =
        [("alice@example.com", "bot-a", null), ("bob@example.com", "bot-b", null), ("alice@example.com", null, null), (null, "bot-c", null), (null, null, "nightly"), ("bob@example.com", "bot-a", "nightly")];

    public const string Rules = """
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: amounts }
        spec:
          rules:
            - { name: large, servers: [payments], tools: [refund], when: args.amount > 100, decision: deny, message: "Ask finance." }
            - { name: odd, servers: [payments], tools: [refund], subjects: [bob@example.com], when: "!(args.currency in ['EUR', 'USD', '¥'])", decision: deny }
            - { name: watched, servers: [payments], tools: [refund], when: "args.note == '🧾' || args.tags.exists(tag, tag == 'vip')", decision: deny, mode: observe }
            - { name: known, servers: [payments], tools: [refund], when: "has(args.customer) && args.customer.id in [1, 9007199254740993]", decision: deny }
        ---
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: anything }
        spec:
          rules:
            - { name: wipes, servers: ["*"], labels: { env: prod }, effects: [irreversible], when: "subject.user != 'alice@example.com'", decision: deny }
            - { name: nights, servers: ["*"], effects: [write], workflows: [nightly], when: "has(args.note) && args.note != ''", decision: deny }
            - { name: notes, servers: ["*"], tools: ["*"], when: "has(args.note) && args.note.size() > 1", decision: deny, mode: observe }
            - { name: near, servers: ["*"], tools: ["*"], when: "call.ip == '127.0.0.1' && has(args.path) && args.path.startsWith('/etc')", decision: deny }
        ---
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: duties }
        spec:
          rules:
            - { name: taken, servers: [payments], tools: ["*"], agents: [bot-a], obligations: { redact: [secret, card.number], headers: { X-Rule: taken } } }
            - { name: said, servers: ["*"], effects: [read], subjects: [bob@example.com], when: "actor.agent != ''", obligations: { headers: { X-Rule: said }, maxResultBytes: 65536 } }
            - { name: later, servers: [notes], tools: [send], mode: observe, obligations: { redact: [card] } }
        ---
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: features }
        spec:
          rules:
            - { name: plans, servers: [files], prompts: [plan], when: "args.who == 'ada'", decision: deny }
            - { name: secrets, servers: [files], resources: ["file:///srv/secret/**"], subjects: ["*"], decision: deny }
            - { name: reads, servers: [files], resources: ["*"], when: "resource.uri.contains('%')", decision: deny, mode: observe }
        ---
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: grants }
        spec:
          rules:
            - { name: second, servers: [payments], tools: [refund, balance], when: "grant.name == 'grant-3'", decision: deny }
        ---
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: limits }
        spec:
          rules:
            - { name: calls, servers: [notes], tools: ["*"], limit: 1000000/minute, per: token }
            - { name: paid, servers: [payments], tools: [refund], agents: [bot-a], total: { of: args.amount, most: 1000000000/day }, per: agent }
            - { name: counted, servers: [payments], tools: [refund], total: { of: args.amount, most: 1000000000/day }, per: user, mode: observe }
        ---
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: texts }
        spec:
          rules:
            - { name: sharp, servers: [notes], tools: [send], when: "args.text.contains('ß') || args.to.endsWith('.example')", decision: deny }
            - { name: letters, servers: [notes], tools: [send], when: "args.text.matches('^\\\\p{L}+$')", decision: deny, mode: observe }
            - { name: after-notes, servers: [notes], tools: [send], agents: [bot-b, bot-c], when: "'sensitive' in session.flags", decision: deny, message: "A note was read." }
        """;

    /// <summary>With it only what a rule allows goes through.</summary>
    public const string DefaultDeny = """
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: closed }
        spec:
          default: deny
          rules:
            - { name: small, servers: [payments], tools: [refund], when: "has(args.amount) && args.amount < 50", decision: allow }
            - { name: reads, servers: ["*"], effects: [read], decision: allow }
            - { name: sends, servers: [notes], tools: [send], agents: [bot-a, bot-b, bot-c], when: "args.to != ''", decision: allow }
            - { name: greetings, servers: [files], prompts: [greet], decision: allow }
        """;
}
