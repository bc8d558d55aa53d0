using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;

namespace Symbolon.Admin.Console.SignIn;

/// <summary>Puts sign-ins and sign-outs into the audit.</summary>
internal sealed class SignInRecord(IAuditLog audit, TimeProvider clock)
{
    /// <returns>Whether it is on record; where it is not, nobody is signed in.</returns>
    public async Task<bool> WriteAsync(Requester who, string action)
    {
        var record = new AuditEvent
        {
            Kind = AuditKind.AdminChange,
            Organisation = who.Organisation,
            Time = clock.Microseconds(),
            By = who.By,
            Peer = who.Peer,
            Allowed = true,
            Action = action,
            Target = "console",
        };
        audit.Append(record);
        return await record.Durable();
    }
}
