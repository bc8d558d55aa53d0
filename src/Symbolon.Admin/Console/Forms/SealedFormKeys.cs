using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.Forms;

/// <summary>
/// The keys of form tokens, in the store, each sealed under the master key: every node takes the forms of every other, also after a
/// restart. Read from memory, which follows the store. DESIGN.md section 4, First start.
/// </summary>
internal sealed class SealedFormKeys(Configuration configuration, IChangeLog changes, ISecretBox box, TimeProvider clock) : IXmlRepository
{
    private const string Kind = "data-protection";
    private static readonly OrganisationId Owner = OrganisationId.Default;

    /// <exception cref="InvalidOperationException">The store was not read yet, or a key in it was not sealed under our master key.</exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        // Else a node that is asked too early would take the store for empty, and make a key that nobody needs.
        if (configuration.Revision < 0) throw new InvalidOperationException("The store was not read yet.");
        return [.. configuration.Secrets(Owner, Kind).OrderBy(key => key.Id, StringComparer.Ordinal).Select(key => XElement.Parse(Encoding.UTF8.GetString(
            box.Open(PlaceOf(key.Id, key.Version), key.Sealed) ?? throw new InvalidOperationException($"The key {key.Id} does not open under this master key."))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var xml = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        var put = new Change.PutSecret(Kind, friendlyName, ExpectedVersion: 0, box.Seal(PlaceOf(friendlyName, 1), xml), box.Fingerprint(Owner, xml));
        var record = new AuditEvent
        {
            Kind = AuditKind.AdminChange,
            Time = clock.Microseconds(),
            By = "system",
            Allowed = true,
            Target = "console",
            Action = "made a key for forms",
        };
        // The port has no other form, and it comes to this once in some months. The change is committed on a thread of its own.
        var result = changes.CommitAsync(Owner, [put], [record], CancellationToken.None).GetAwaiter().GetResult();
        if (result is not CommitResult.Committed) throw new InvalidOperationException($"There is a key {friendlyName} already.");
    }

    private static SecretPlace PlaceOf(string id, long version) => new(Owner, Kind, id, version);
}
