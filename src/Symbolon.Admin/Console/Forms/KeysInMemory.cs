using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Symbolon.Admin.Console.Forms;

/// <summary>
/// The keys of form tokens, for as long as the process lives. Sessions end with it too, so a form that outlives it could not be
/// sent anyway, and no key lies on a disk unsealed.
/// </summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly Lock gate = new();
    private readonly List<XElement> elements = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (gate) return [.. elements.Select(element => new XElement(element))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (gate) elements.Add(new XElement(element));
    }
}
